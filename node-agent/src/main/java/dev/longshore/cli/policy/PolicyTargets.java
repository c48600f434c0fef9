package dev.longshore.cli.policy;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.snapshot.Sources;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Whose policy a command is about.
final class PolicyTargets {
  @Option(names = "--global", negatable = true, description = "The global policy.")
  boolean global;

  @Parameters(
      arity = "0..*",
      paramLabel = "TARGET",
      description = "A local path, user@host:/path, user@host, @host or (global).")
  List<String> targets = List.of();

  boolean isEmpty() {
    return !global && targets.isEmpty();
  }

  /// The targets; at least one.
  List<SourceInfo> parse(Cli cli, ClientOptions client) {
    if (global == !targets.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "either --global or targets are needed");
    }
    return global
        ? List.of(SourceInfo.GLOBAL)
        : targets.stream().map(target -> Sources.parse(cli, client, target)).toList();
  }
}
