/// `repo repository …`, and its short forms `repo create`, `connect`, `status`, ….
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.repository;
