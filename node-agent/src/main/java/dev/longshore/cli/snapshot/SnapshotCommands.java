package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The tree under `repo snapshot`, and the commands on files of snapshots.
public final class SnapshotCommands {
  private SnapshotCommands() {}

  @Command(
      name = "snapshot",
      aliases = "snap",
      description = "Create, list, restore, verify and delete snapshots.")
  static final class Group extends CommandGroup {}

  /// `snapshot` with its commands.
  public static CommandLine group(Cli cli) {
    return new CommandLine(new Group())
        .addSubcommand(new CreateSnapshotCommand(cli))
        .addSubcommand(new ListSnapshotsCommand(cli))
        .addSubcommand(new RestoreCommand(cli))
        .addSubcommand(new VerifyCommand(cli))
        .addSubcommand(new SnapshotChanges.Delete(cli))
        .addSubcommand(new SnapshotChanges.Pin(cli))
        .addSubcommand(new SnapshotChanges.Expire(cli))
        .addSubcommand(new EstimateCommand(cli));
  }

  /// The commands that stand directly under `repo`.
  public static List<CommandLine> shortForms(Cli cli) {
    return List.of(
        new CommandLine(new RestoreCommand(cli)),
        new CommandLine(new ListDirectoryCommand(cli)),
        new CommandLine(new ShowCommand(cli)),
        new CommandLine(new DiffCommand(cli)));
  }
}
