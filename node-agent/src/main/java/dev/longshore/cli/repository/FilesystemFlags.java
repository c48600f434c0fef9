package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A folder as a store: the flags of `create filesystem` and `connect filesystem`.
final class FilesystemFlags {
  @Option(
      names = "--path",
      required = true,
      paramLabel = "DIR",
      description = "The repository's folder.")
  String path = "";

  @Option(
      names = "--owner-uid",
      paramLabel = "UID",
      description = "User id that new files get (as root).")
  int ownerUid = -1;

  @Option(
      names = "--owner-gid",
      paramLabel = "GID",
      description = "Group id that new files get (as root).")
  int ownerGid = -1;

  @Option(
      names = "--file-mode",
      paramLabel = "MODE",
      description = "Mode of new files, octal (default: 0600).")
  @Nullable String fileMode;

  @Option(
      names = "--dir-mode",
      paramLabel = "MODE",
      description = "Mode of new folders, octal (default: 0700).")
  @Nullable String dirMode;

  @Option(names = "--flat", negatable = true, description = "Keep all blobs in one folder.")
  boolean flat;

  @Option(names = "--list-parallelism", hidden = true)
  int listParallelism;

  @Mixin final SpeedFlags speed = new SpeedFlags();

  /// The store these flags name; relative paths become absolute.
  ///
  /// @param shards folder name lengths where the folder does not say; null for the default
  StoreLocation location(Cli cli, @Nullable List<Integer> shards) {
    Path folder = cli.terminal().workingDirectory().resolve(path).normalize();
    var options =
        new FilesystemOptions(
            folder.toString(),
            mode("--file-mode", fileMode, 0600),
            mode("--dir-mode", dirMode, 0700),
            ownerUid,
            ownerGid,
            flat ? List.of() : shards,
            listParallelism,
            speed.limits());
    return new StoreLocation("filesystem", options.toJson());
  }

  private static int mode(String option, @Nullable String text, int fallback) {
    if (text == null) {
      return fallback;
    }
    try {
      int mode = Integer.parseInt(text, 8);
      if (mode >= 0 && mode <= 0777) {
        return mode;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the modes that are out of range.
    }
    throw new CommandFailure(ExitCode.USAGE, option + ": not an octal mode such as 0640");
  }
}
