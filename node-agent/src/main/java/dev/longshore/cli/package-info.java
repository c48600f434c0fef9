/// The `repo` command: its entry point, global options, exit codes and what commands share.
package dev.longshore.cli;
