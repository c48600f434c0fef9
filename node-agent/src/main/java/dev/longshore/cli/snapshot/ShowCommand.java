package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `show`: the bytes of an object.
@Command(
    name = "show",
    aliases = "cat",
    description = "Print a file of a snapshot, or any object, byte for byte.")
final class ShowCommand extends RepoCommand {
  @Parameters(
      paramLabel = "ID[/PATH]",
      description = "A snapshot or object, and a path in it; or a path that was backed up.")
  String path = "";

  ShowCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      DirEntry entry = new EntryLookup(cli, repository).find(path);
      try (InputStream in = repository.objects().open(entry.objectId())) {
        in.transferTo(cli.out());
      }
    }
    return ExitCode.OK;
  }
}
