package dev.longshore.cli.policy;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The tree under `repo policy`.
public final class PolicyCommands {
  private PolicyCommands() {}

  @Command(
      name = "policy",
      aliases = "policies",
      description = "Say what is backed up, how, and how long it is kept.")
  static final class Group extends CommandGroup {}

  /// `policy` with its commands.
  public static CommandLine group(Cli cli) {
    return new CommandLine(new Group())
        .addSubcommand(new SetPolicyCommand(cli))
        .addSubcommand(new ShowPolicyCommand(cli))
        .addSubcommand(new PolicyLists.ListPolicies(cli))
        .addSubcommand(new PolicyLists.Delete(cli))
        .addSubcommand(new PolicyFiles.Export(cli))
        .addSubcommand(new PolicyFiles.Import(cli));
  }
}
