package dev.longshore.cli;

import dev.longshore.cli.help.HelpCommands;
import dev.longshore.cli.inspect.BlobCommands;
import dev.longshore.cli.inspect.CacheCommands;
import dev.longshore.cli.inspect.ContentCommands;
import dev.longshore.cli.inspect.IndexCommands;
import dev.longshore.cli.inspect.MaintenanceCommands;
import dev.longshore.cli.inspect.ManifestCommands;
import dev.longshore.cli.inspect.SessionCommands;
import dev.longshore.cli.policy.PolicyCommands;
import dev.longshore.cli.repository.RepositoryCommands;
import dev.longshore.cli.snapshot.SnapshotCommands;
import picocli.CommandLine;

/// The tree of commands, wired by hand.
final class Commands {
  private Commands() {}

  static CommandLine of(Repo root, Cli cli) {
    CommandLine line = new CommandLine(root);
    line.addSubcommand(RepositoryCommands.group(cli));
    RepositoryCommands.shortForms(cli).forEach(line::addSubcommand);
    line.addSubcommand(SnapshotCommands.group(cli));
    SnapshotCommands.shortForms(cli).forEach(line::addSubcommand);
    line.addSubcommand(PolicyCommands.group(cli));
    line.addSubcommand(BlobCommands.group(cli));
    line.addSubcommand(ContentCommands.group(cli));
    line.addSubcommand(IndexCommands.group(cli));
    line.addSubcommand(ManifestCommands.group(cli));
    line.addSubcommand(SessionCommands.group(cli));
    line.addSubcommand(MaintenanceCommands.group(cli));
    line.addSubcommand(CacheCommands.group(cli));
    HelpCommands.all(cli).forEach(line::addSubcommand);
    line.setUsageHelpAutoWidth(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }
}
