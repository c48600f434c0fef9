package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.sync.SyncCheck;
import dev.longshore.engine.sync.SyncOptions;
import dev.longshore.format.repository.BlobRetention;
import picocli.CommandLine.Option;

/// How a repository is copied: the flags of every `sync-to`.
final class SyncFlags {
  @Option(
      names = "--update",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Copy also blobs that are newer here than in the copy (default).")
  boolean update = true;

  @Option(
      names = "--delete",
      negatable = true,
      description = "Delete from the copy the blobs that are not here.")
  boolean delete;

  @Option(
      names = {"-n", "--dry-run"},
      negatable = true,
      description = "Compare, and change nothing.")
  boolean dryRun;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Blobs copied at once (default: 8).")
  int parallel = 8;

  @Option(names = "--must-exist", negatable = true, description = "Fail if there is no copy yet.")
  boolean mustExist;

  @Option(
      names = "--times",
      negatable = true,
      description = "Give copies the times of their originals, where the place can keep them.")
  boolean times;

  @Option(
      names = "--verify",
      paramLabel = "HOW",
      description =
          "length: every blob is there in its length (default); content: each copy is read back"
              + " and compared; all: so are the blobs that were there before, and those that differ"
              + " are copied anew.")
  String verify = "length";

  @Option(
      names = "--lock",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Lock copies as the repository's retention says, where the place can (default).")
  boolean lock = true;

  /// Tells whether a folder that is not there may be made.
  boolean mayMakePlace() {
    return !dryRun && !mustExist;
  }

  SyncOptions options(Cli cli, BlobRetention retention) {
    if (parallel < 1) {
      throw new CommandFailure(ExitCode.USAGE, "--parallel: at least 1");
    }
    return new SyncOptions(
        update,
        delete,
        dryRun,
        mustExist,
        times,
        parallel,
        check(),
        lock ? retention : BlobRetention.NONE,
        MemoryBudget.ofProcess().transferBytes(),
        cli.connection().paths().draftFolder());
  }

  private SyncCheck check() {
    return switch (verify) {
      case "length" -> SyncCheck.LENGTH;
      case "content" -> SyncCheck.CONTENT;
      case "all" -> SyncCheck.ALL;
      default ->
          throw new CommandFailure(ExitCode.USAGE, "--verify: length, content or all expected");
    };
  }
}
