package dev.longshore.cli.maintenance;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import picocli.CommandLine.Command;

/// The tree under `repo maintenance`.
public final class MaintenanceCommands {
  private MaintenanceCommands() {}

  @Command(
      name = "maintenance",
      description = "Collect garbage, keep packs full and the index small.")
  static final class Group extends CommandGroup {}

  /// `maintenance` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(), new InfoCommand(cli), new RunCommand(cli), new SetCommand(cli));
  }
}
