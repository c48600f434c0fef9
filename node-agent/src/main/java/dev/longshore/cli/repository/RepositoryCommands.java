package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The tree under `repo repository`.
public final class RepositoryCommands {
  private RepositoryCommands() {}

  @Command(name = "repository", description = "Create, connect to and look at repositories.")
  static final class Group extends CommandGroup {}

  @Command(name = "repair", description = "Repair a repository that cannot be opened.")
  static final class RepairGroup extends CommandGroup {}

  /// `repository` with all of its commands.
  public static CommandLine group(Cli cli) {
    CommandLine group = new CommandLine(new Group());
    shortForms(cli).forEach(line -> group.addSubcommand(line));
    group.addSubcommand(
        new CommandLine(new RepairGroup()).addSubcommand(new ChangeCommands.Repair(cli)));
    return group;
  }

  /// Those that `repo` also has without the word `repository`.
  public static List<CommandLine> shortForms(Cli cli) {
    return List.of(
        new CommandLine(new CreateCommand.Group()).addSubcommand(new CreateCommand(cli)),
        new CommandLine(new ConnectCommand.Group())
            .addSubcommand(new ConnectCommand.Filesystem(cli))
            .addSubcommand(new ConnectCommand.FromConfig(cli)),
        new CommandLine(new ConnectCommand.Disconnect(cli)),
        new CommandLine(new StatusCommand(cli)),
        new CommandLine(new ChangeCommands.SetParameters(cli)),
        new CommandLine(new ChangeCommands.ChangePassword(cli)));
  }
}
