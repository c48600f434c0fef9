/// The `repo` command: its entry point, global options, exit codes and what commands share.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli;
