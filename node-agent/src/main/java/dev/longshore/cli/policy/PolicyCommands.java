package dev.longshore.cli.policy;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
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
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new SetPolicyCommand(cli),
        new ShowPolicyCommand(cli),
        new PolicyLists.ListPolicies(cli),
        new PolicyLists.Delete(cli),
        new PolicyFiles.Export(cli),
        new PolicyFiles.Import(cli));
  }
}
