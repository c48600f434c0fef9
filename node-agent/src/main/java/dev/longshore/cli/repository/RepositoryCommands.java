package dev.longshore.cli.repository;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/// The tree under `repo repository`.
public final class RepositoryCommands {
  private RepositoryCommands() {}

  @Command(name = "repository", description = "Create, connect to and look at repositories.")
  static final class Group extends CommandGroup {}

  /// `repository` with all of its commands.
  public static Branch group(Cli cli) {
    List<Object> held = new ArrayList<>(shortForms(cli));
    held.add(
        Branch.group(
            new RepairCommand.Group(),
            new RepairCommand.Filesystem(cli),
            new RepairCommand.S3(cli),
            new RepairCommand.Azure(cli)));
    held.add(
        Branch.group(
            new SyncCommand.Group(),
            new SyncCommand.Filesystem(cli),
            new SyncCommand.S3(cli),
            new SyncCommand.Azure(cli)));
    held.add(
        Branch.group(
            new ThrottleCommands.Group(),
            new ThrottleCommands.Get(cli),
            new ThrottleCommands.Set(cli)));
    held.add(
        Branch.group(
            new UpgradeCommands.Group(),
            new UpgradeCommands.Begin(cli),
            new UpgradeCommands.Rollback(cli),
            new UpgradeCommands.Validate(cli)));
    held.add(Branch.of(new SetClientCommand(cli)));
    held.add(Branch.of(new ValidateProviderCommand(cli)));
    return Branch.group(new Group(), held.toArray());
  }

  /// Those that `repo` also has without the word `repository`.
  public static List<Branch> shortForms(Cli cli) {
    return List.of(
        Branch.group(
            new CreateCommand.Group(),
            new CreateCommand.Filesystem(cli),
            new CreateCommand.S3(cli),
            new CreateCommand.Azure(cli)),
        Branch.group(
            new ConnectCommand.Group(),
            new ConnectCommand.Filesystem(cli),
            new ConnectCommand.S3(cli),
            new ConnectCommand.Azure(cli),
            new ConnectCommand.FromConfig(cli)),
        Branch.of(new ConnectCommand.Disconnect(cli)),
        Branch.of(new StatusCommand(cli)),
        Branch.of(new ChangeCommands.SetParameters(cli)),
        Branch.of(new ChangeCommands.ChangePassword(cli)));
  }
}
