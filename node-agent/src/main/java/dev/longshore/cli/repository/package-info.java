/// `repo repository …`, and its short forms `repo create`, `connect`, `status`, ….
package dev.longshore.cli.repository;
