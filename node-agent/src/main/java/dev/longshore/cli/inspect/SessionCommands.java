package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.session.SessionMarker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/// `session list`: who writes, or wrote and was cut off.
public final class SessionCommands {
  private SessionCommands() {}

  @Command(name = "session", description = "Look at write sessions.")
  static final class Group extends CommandGroup {}

  /// `session` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(new Group(), new ListSessions(cli));
  }

  /// `session list`.
  @Command(
      name = "list",
      aliases = "ls",
      description = "List sessions that write now, or were cut off: their markers.")
  static final class ListSessions extends RepoCommand {
    ListSessions(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        List<BlobMetadata> markers = new ArrayList<>();
        repository.blobs().list("s", markers::add);
        for (BlobMetadata marker : markers) {
          SessionMarker session =
              SessionMarker.decode(repository.contents().readSealedBlob(marker.id()));
          cli.out()
              .println(
                  Text.visible(
                      "%s %s@%s %s %s"
                          .formatted(
                              session.id(),
                              session.userName(),
                              session.hostName(),
                              cli.times().seconds(session.startTime()),
                              cli.times().seconds(session.checkpointTime()))));
        }
      }
      return ExitCode.OK;
    }
  }
}
