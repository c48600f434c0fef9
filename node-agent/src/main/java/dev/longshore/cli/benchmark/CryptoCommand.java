package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.CryptoBenchmark;
import dev.longshore.bench.algorithm.CryptoBenchmark.Result;
import dev.longshore.cli.Cli;
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
        ranked(
            CryptoBenchmark.run(
                flags.effort(repeat), blockBytes, cli.terminal().random(), cli::notice),
            result -> result.timing().bytesPerSecond());
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
    table(
        RULE,
        results,
        result ->
            "%-20s %-30s %s / second"
                .formatted(
                    result.hash().wireName(),
                    result.cipher().wireName(),
                    size(result.timing().bytesPerSecond())),
        CryptoCommand::options);
  }

  private static String options(Result result) {
    return "--block-hash=%s --encryption=%s"
        .formatted(result.hash().wireName(), result.cipher().wireName());
  }
}
