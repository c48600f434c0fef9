package dev.longshore.cli;

import dev.longshore.cli.benchmark.BenchmarkCommands;
import dev.longshore.cli.health.DoctorCommand;
import dev.longshore.cli.help.HelpCommands;
import dev.longshore.cli.inspect.BlobCommands;
import dev.longshore.cli.inspect.CacheCommands;
import dev.longshore.cli.inspect.ContentCommands;
import dev.longshore.cli.inspect.IndexCommands;
import dev.longshore.cli.inspect.ManifestCommands;
import dev.longshore.cli.inspect.SessionCommands;
import dev.longshore.cli.maintenance.MaintenanceCommands;
import dev.longshore.cli.policy.PolicyCommands;
import dev.longshore.cli.repository.RepositoryCommands;
import dev.longshore.cli.snapshot.SnapshotCommands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/// The tree of commands, wired by hand.
final class Commands {
  private static final Set<String> WHOLE = Set.of("--help", "completion", "man");

  private Commands() {}

  /// All commands below the root.
  static Branch tree(Repo root, Cli cli) {
    List<Object> held = new ArrayList<>();
    held.add(RepositoryCommands.group(cli));
    held.addAll(RepositoryCommands.shortForms(cli));
    held.add(SnapshotCommands.group(cli));
    held.addAll(SnapshotCommands.shortForms(cli));
    held.add(PolicyCommands.group(cli));
    held.add(BlobCommands.group(cli));
    held.add(ContentCommands.group(cli));
    held.add(IndexCommands.group(cli));
    held.add(ManifestCommands.group(cli));
    held.add(SessionCommands.group(cli));
    held.add(MaintenanceCommands.group(cli));
    held.add(CacheCommands.group(cli));
    held.add(Branch.of(new DoctorCommand(cli)));
    held.add(BenchmarkCommands.group(cli));
    held.addAll(HelpCommands.all(cli));
    return Branch.group(root, held.toArray());
  }

  /// The whole tree.
  static CommandLine all(Repo root, Cli cli) {
    return configured(tree(root, cli).build());
  }

  /// As much of the tree as these words can mean; all of it for what speaks about commands.
  static CommandLine named(Repo root, Cli cli, String... words) {
    if (List.of(words).equals(List.of("--version"))) {
      return configured(new CommandLine(root));
    }
    Set<String> given = new HashSet<>(Arrays.asList(words));
    boolean help = given.stream().anyMatch(WHOLE::contains);
    return help ? all(root, cli) : configured(tree(root, cli).build(given));
  }

  private static CommandLine configured(CommandLine line) {
    line.setUsageHelpAutoWidth(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }
}
