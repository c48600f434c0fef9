package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.EncryptionBenchmark;
import dev.longshore.bench.algorithm.EncryptionBenchmark.Result;
import dev.longshore.cli.Cli;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmark encryption`.
@Command(name = "encryption", description = "Run encryption benchmarks.")
final class EncryptionCommand extends BenchmarkCommand {
  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      defaultValue = "1MB",
      converter = BlockSize.class,
      description = "Size of a block to encrypt (default: 1MB, which is a mebibyte).")
  int blockBytes;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Number of repetitions (default: 1000).")
  int repeat;

  @Option(
      names = "--deprecated",
      negatable = true,
      hidden = true,
      description = "Ignored, as in Kopia.")
  boolean deprecated;

  EncryptionCommand(Cli cli) {
    super(cli);
  }

  @Override
  void measure() throws InterruptedException {
    List<Result> results =
        ranked(
            EncryptionBenchmark.run(
                flags.effort(repeat), blockBytes, cli.terminal().random(), cli::notice),
            result -> result.timing().bytesPerSecond());
    if (flags.json) {
      json(
          results,
          (row, result) -> {
            row.field("encryption", result.cipher().wireName());
            timing(row, "", result.timing());
          });
    } else {
      print(results);
    }
    flags.draw(
        cli,
        "Encrypting blocks of " + size(blockBytes),
        results.stream()
            .map(r -> new BenchmarkFlags.Bar(r.cipher().wireName(), r.timing().bytesPerSecond()))
            .toList());
  }

  private void print(List<Result> results) {
    line("     %-30s %s".formatted("Encryption", "Throughput"));
    table(
        RULE,
        results,
        result ->
            "%-30s %s / second"
                .formatted(result.cipher().wireName(), size(result.timing().bytesPerSecond())),
        result -> "--encryption=" + result.cipher().wireName());
  }
}
