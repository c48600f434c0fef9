package dev.longshore.cli.snapshot;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import java.util.List;
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
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new CreateSnapshotCommand(cli),
        new ListSnapshotsCommand(cli),
        new RestoreCommand(cli),
        new VerifyCommand(cli),
        new SnapshotChanges.Delete(cli),
        new SnapshotChanges.Pin(cli),
        new ExpireCommand(cli),
        new EstimateCommand(cli),
        Branch.group(
            new FixCommand.Group(),
            new FixInvalidFilesCommand(cli),
            new FixRemoveFilesCommand(cli)));
  }

  /// The commands that stand directly under `repo`.
  public static List<Branch> shortForms(Cli cli) {
    return List.of(
        Branch.of(new RestoreCommand(cli)),
        Branch.of(new ListDirectoryCommand(cli)),
        Branch.of(new ShowCommand(cli)),
        Branch.of(new NbdCommand(cli)),
        Branch.of(new DiffCommand(cli)));
  }
}
