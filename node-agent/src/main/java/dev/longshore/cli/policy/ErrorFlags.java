package dev.longshore.cli.policy;

import dev.longshore.format.policy.ErrorHandlingPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which errors a snapshot goes on after.
final class ErrorFlags {
  @Option(
      names = "--ignore-file-errors",
      paramLabel = "BOOLEAN",
      description = "Ignore files that cannot be read.")
  @Nullable String fileErrors;

  @Option(
      names = "--ignore-dir-errors",
      paramLabel = "BOOLEAN",
      description = "Ignore directories that cannot be read.")
  @Nullable String directoryErrors;

  @Option(
      names = "--ignore-unknown-types",
      paramLabel = "BOOLEAN",
      description = "Ignore fifos, sockets and devices.")
  @Nullable String unknownTypes;

  ErrorHandlingPolicy apply(ErrorHandlingPolicy old, Edits edits) {
    return new ErrorHandlingPolicy(
        edits.flag("ignoring of file read errors", old.ignoreFileErrors(), fileErrors),
        edits.flag(
            "ignoring of directory read errors", old.ignoreDirectoryErrors(), directoryErrors),
        edits.flag("ignoring of unknown types", old.ignoreUnknownTypes(), unknownTypes));
  }
}
