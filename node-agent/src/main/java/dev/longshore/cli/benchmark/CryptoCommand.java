package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.CryptoBenchmark;
import dev.longshore.bench.algorithm.CryptoBenchmark.Result;
import dev.longshore.cli.Cli;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmark crypto`.
@Command(name = "crypto", description = "Run combined hash and encryption benchmarks.")
final class CryptoCommand extends BenchmarkCommand {
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
      defaultValue = "100",
      description = "Number of repetitions (default: 100).")
  int repeat;

  @Option(
      names = "--deprecated",
      negatable = true,
      hidden = true,
      description = "Ignored, as in Kopia.")
  boolean deprecated;

  CryptoCommand(Cli cli) {
    super(cli);
  }

  @Override
  void measure() throws InterruptedException {
    List<Result> results =
        CryptoBenchmark.run(flags.effort(repeat), blockBytes, cli.terminal().random(), cli::notice)
            .stream()
            .sorted(Comparator.comparingDouble(r -> -r.timing().bytesPerSecond()))
            .toList();
    if (flags.json) {
      json(
          results,
          (row, result) -> {
            row.field("hash", result.hash().wireName());
            row.field("encryption", result.cipher().wireName());
            timing(row, "", result.timing());
          });
    } else {
      print(results);
    }
    flags.draw(
        cli,
        "Hashing and encrypting blocks of " + size(blockBytes),
        results.stream()
            .map(r ->
                new BenchmarkFlags.Bar(
                    r.hash().wireName() + " " + r.cipher().wireName(), r.timing().bytesPerSecond()))
            .toList());
  }

  private void print(List<Result> results) {
    line("     %-20s %-30s %s".formatted("Hash", "Encryption", "Throughput"));
    rule();
    int index = 0;
    for (Result result : results) {
      line(
          "%3d. %-20s %-30s %s / second%s"
              .formatted(
                  index++,
                  result.hash().wireName(),
                  result.cipher().wireName(),
                  size(result.timing().bytesPerSecond()),
                  flags.printOptions ? ",   " + options(result) : ""));
    }
    rule();
    line("Fastest option for this machine is: %s".formatted(options(results.getFirst())));
  }

  private static String options(Result result) {
    return "--block-hash=%s --encryption=%s"
        .formatted(result.hash().wireName(), result.cipher().wireName());
  }
}
