package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.HashingBenchmark;
import dev.longshore.bench.algorithm.HashingBenchmark.Result;
import dev.longshore.cli.Cli;
import java.util.Comparator;
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
        HashingBenchmark.run(flags.effort(repeat), blockBytes, cli::notice).stream()
            .sorted(Comparator.comparingDouble(r -> -r.timing().bytesPerSecond()))
            .toList();
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
    rule();
    int index = 0;
    for (Result result : results) {
      String name = result.hash().wireName();
      line(
          "%3d. %-20s %s / second%s"
              .formatted(
                  index++,
                  name,
                  size(result.timing().bytesPerSecond()),
                  flags.printOptions ? ",   --block-hash=" + name : ""));
    }
    rule();
    line(
        "Fastest option for this machine is: --block-hash=%s"
            .formatted(results.getFirst().hash().wireName()));
  }
}
