/// `repo policy …`.
package dev.longshore.cli.policy;
