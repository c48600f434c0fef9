package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.InvalidEntries;
import dev.longshore.engine.snapshot.InvalidEntries.Handling;
import dev.longshore.engine.verify.FileCheck;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `snapshot fix invalid-files`.
@Command(
    name = "invalid-files",
    description = "Take files and directories that cannot be read out of snapshots.")
final class FixInvalidFilesCommand extends FixCommand {
  @Option(
      names = "--invalid-file-handling",
      paramLabel = "HOW",
      description = "Files that cannot be read: stub (default), keep, fail or remove.")
  String fileHandling = "stub";

  @Option(
      names = "--verify-files-percent",
      paramLabel = "PERCENT",
      description =
          "Read this share of the files in full (default: 0: only that they are in packs).")
  double filesPercent;

  FixInvalidFilesCommand(Cli cli) {
    super(cli);
  }

  @Override
  void check() {
    if (!(filesPercent >= 0 && filesPercent <= 100)) {
      throw usage("--verify-files-percent is 0 to 100");
    }
  }

  @Override
  FileRule rule(Repository repository, InvalidEntries invalid) throws RepositoryException {
    Handling files = handling("--invalid-file-handling", fileHandling, "");
    var check = new FileCheck(repository, filesPercent, cli.terminal().random());
    return (path, entry) -> {
      if (entry.type() == EntryType.DIRECTORY) {
        return entry;
      }
      try {
        check.check(entry);
        return entry;
      } catch (RepositoryException e) {
        DirEntry instead = invalid.replace(entry, e, files);
        cli.notice("invalid file %s: %s".formatted(RawText.display(path), e.getMessage()));
        return instead;
      }
    };
  }
}
