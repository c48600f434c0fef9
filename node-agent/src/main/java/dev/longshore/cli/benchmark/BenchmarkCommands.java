package dev.longshore.cli.benchmark;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import picocli.CommandLine.Command;

/// The `benchmark` group.
public final class BenchmarkCommands {
  private BenchmarkCommands() {}

  @Command(name = "benchmark", description = "Measure how fast algorithms are on this machine.")
  static final class Group extends CommandGroup {}

  /// `benchmark` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new CompressionCommand(cli),
        new CryptoCommand(cli),
        new SplitterCommand(cli),
        new HashingCommand(cli),
        new EncryptionCommand(cli),
        new EccCommand(cli));
  }
}
