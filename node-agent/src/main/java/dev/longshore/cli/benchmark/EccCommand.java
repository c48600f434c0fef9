package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.EccBenchmark;
import dev.longshore.bench.algorithm.EccBenchmark.Result;
import dev.longshore.bench.plot.BarChart;
import dev.longshore.cli.Cli;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmark ecc`.
@Command(name = "ecc", description = "Run error correction benchmarks.")
final class EccCommand extends BenchmarkCommand {
  private static final String WIDE_RULE = "-".repeat(87);

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      defaultValue = "10MB",
      converter = BlockSize.class,
      description = "Size of a block to protect (default: 10MB, which is ten mebibytes).")
  int blockBytes;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "100",
      description = "Number of repetitions (default: 100).")
  int repeat;

  EccCommand(Cli cli) {
    super(cli);
  }

  @Override
  void measure() throws InterruptedException {
    List<Result> results =
        ranked(
            EccBenchmark.run(flags.effort(repeat), blockBytes, cli::notice),
            Result::bytesPerSecond);
    if (flags.json) {
      json(
          results,
          (row, result) -> {
            row.field("ecc", result.name());
            row.field("overheadPercent", result.overheadPercent());
            row.field("storedBytes", result.storedBytes());
            timing(row, "encoding", result.encoding());
            timing(row, "decoding", result.decoding());
          });
    } else {
      print(results);
    }
    flags.draw(
        cli,
        "Error correction of blocks of " + size(blockBytes),
        List.of("encoding", "decoding"),
        results.stream()
            .map(r ->
                new BarChart.Row(
                    name(r),
                    List.of(
                        r.encoding().bytesPerSecond() / 1e6, r.decoding().bytesPerSecond() / 1e6)))
            .toList());
  }

  private void print(List<Result> results) {
    line("     %-30s %14s %14s   %10s".formatted("ECC", "Throughput", "Throughput", "Growth"));
    line("     %-30s %14s %14s".formatted("", "Encoding", "Decoding"));
    table(
        WIDE_RULE,
        results,
        result ->
            "%-30s %12s/s %12s/s   %6d%% [%s]"
                .formatted(
                    name(result),
                    size(result.encoding().bytesPerSecond()),
                    size(result.decoding().bytesPerSecond()),
                    Math.round(result.growth() * 100),
                    size(result.storedBytes())),
        EccCommand::options);
  }

  private static String name(Result result) {
    return "%s - %d%%".formatted(result.name(), result.overheadPercent());
  }

  /// Kopia prints the name of the row here, which `repository create` does not take.
  private static String options(Result result) {
    return "--ecc=%s --ecc-overhead-percent=%d".formatted(result.name(), result.overheadPercent());
  }
}
