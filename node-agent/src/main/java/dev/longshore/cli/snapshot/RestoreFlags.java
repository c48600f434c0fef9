package dev.longshore.cli.snapshot;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.restore.RestoreOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a restore treats its target.
final class RestoreFlags {
  @Option(
      names = "--overwrite-directories",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Restore into directories that exist.")
  boolean overwriteDirectories;

  @Option(
      names = "--overwrite-files",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Replace files that exist.")
  boolean overwriteFiles;

  @Option(
      names = "--overwrite-symlinks",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Replace symbolic links that exist.")
  boolean overwriteSymlinks;

  @Option(
      names = "--write-sparse-files",
      negatable = true,
      description = "Make runs of zeros holes.")
  boolean sparse;

  @Option(
      names = "--write-files-atomically",
      negatable = true,
      description = "Write beside the file and rename when it is whole.")
  boolean atomically;

  @Option(names = "--flush-files", negatable = true, description = "Make files durable one by one.")
  boolean flush;

  @Option(
      names = "--ignore-permission-errors",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Go on where owners, modes and times cannot be set.")
  boolean ignorePermissionErrors;

  @Option(
      names = "--ignore-errors",
      negatable = true,
      description = "Count errors of single entries as ignored.")
  boolean ignoreErrors;

  @Option(names = "--skip-owners", negatable = true, description = "Do not set owners.")
  boolean skipOwners;

  @Option(names = "--skip-permissions", negatable = true, description = "Do not set permissions.")
  boolean skipPermissions;

  @Option(names = "--skip-times", negatable = true, description = "Do not set times.")
  boolean skipTimes;

  @Option(
      names = "--skip-existing",
      negatable = true,
      description = "Leave files that exist with the same size and time.")
  boolean skipExisting;

  @Option(
      names = "--delete-extra",
      negatable = true,
      description = "Delete what is in the target but not in the snapshot.")
  boolean deleteExtra;

  @Option(names = "--parallel", paramLabel = "N", description = "Threads (default: 8).")
  int parallel = RestoreOptions.DEFAULTS.parallel();

  @Option(
      names = "--shallow",
      paramLabel = "DEPTH",
      description = "Placeholders in place of directories below this depth.")
  int shallow = RestoreOptions.Shallow.NEVER.depth();

  @Option(
      names = "--shallow-minsize",
      paramLabel = "BYTES",
      description = "Smaller files are restored in full.")
  long shallowMinSize;

  @Mixin final AttributeFlags attributes = new AttributeFlags();

  RestoreOptions options() {
    if (parallel < 1 || shallow < 0 || shallowMinSize < 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "--parallel is 1 or more, --shallow and --shallow-minsize 0 or more");
    }
    try {
      return new RestoreOptions(
          new RestoreOptions.Overwrite(overwriteDirectories, overwriteFiles, overwriteSymlinks),
          new RestoreOptions.Skip(skipOwners, skipPermissions, skipTimes),
          new RestoreOptions.Writing(sparse, atomically, flush),
          ignorePermissionErrors,
          ignoreErrors,
          skipExisting,
          deleteExtra,
          new RestoreOptions.Shallow(shallow, shallowMinSize),
          parallel,
          RestoreOptions.DEFAULTS.budgetBytes(),
          attributes.options(true));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
