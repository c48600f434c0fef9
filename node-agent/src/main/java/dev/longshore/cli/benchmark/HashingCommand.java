package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.HashingBenchmark;
import dev.longshore.bench.algorithm.HashingBenchmark.Result;
import dev.longshore.cli.Cli;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmark hashing`.
@Command(name = "hashing", aliases = "hash", description = "Run hashing function benchmarks.")
final class HashingCommand extends BenchmarkCommand {
  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      defaultValue = "1MB",
      converter = BlockSize.class,
      description = "Size of a block to hash (default: 1MB, which is a mebibyte).")
  int blockBytes;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "100",
      description = "Number of repetitions (default: 100).")
  int repeat;

  HashingCommand(Cli cli) {
    super(cli);
  }

  @Override
  void measure() throws InterruptedException {
    List<Result> results =
        ranked(
            HashingBenchmark.run(flags.effort(repeat), blockBytes, cli::notice),
            result -> result.timing().bytesPerSecond());
    if (flags.json) {
      json(
          results,
          (row, result) -> {
            row.field("hash", result.hash().wireName());
            timing(row, "", result.timing());
          });
    } else {
      print(results);
    }
    flags.draw(
        cli,
        "Hashing blocks of " + size(blockBytes),
        results.stream()
            .map(r -> new BenchmarkFlags.Bar(r.hash().wireName(), r.timing().bytesPerSecond()))
            .toList());
  }

  private void print(List<Result> results) {
    line("     %-20s %s".formatted("Hash", "Throughput"));
    table(
        RULE,
        results,
        result ->
            "%-20s %s / second"
                .formatted(result.hash().wireName(), size(result.timing().bytesPerSecond())),
        result -> "--block-hash=" + result.hash().wireName());
  }
}
