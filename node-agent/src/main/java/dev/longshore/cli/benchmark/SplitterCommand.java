package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.SplitterBenchmark;
import dev.longshore.bench.algorithm.SplitterBenchmark.Lengths;
import dev.longshore.bench.algorithm.SplitterBenchmark.Result;
import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmark splitter`.
@Command(name = "splitter", description = "Run splitter benchmarks.")
final class SplitterCommand extends BenchmarkCommand {
  @Option(
      names = "--rand-seed",
      paramLabel = "SEED",
      defaultValue = "42",
      description =
          "Seed of the random data (default: 42). Kopia makes other data of the same seed.")
  long seed;

  @Option(
      names = "--data-size",
      paramLabel = "SIZE",
      defaultValue = "32MB",
      converter = BlockSize.class,
      description = "Size of a block to split (default: 32MB, which is 32 mebibytes).")
  int blockBytes;

  @Option(
      names = "--block-count",
      paramLabel = "N",
      defaultValue = "16",
      description = "Number of blocks to split (default: 16).")
  int blocks;

  SplitterCommand(Cli cli) {
    super(cli);
  }

  @Override
  void measure() throws InterruptedException {
    if (blocks < 1) {
      throw new CommandFailure(ExitCode.USAGE, "--block-count: at least 1");
    }
    var plan =
        new SplitterBenchmark.Plan(seed, blockBytes, blocks, flags.threads(), flags.warmUp());
    cli.notice(
        "splitting %d blocks of %d bytes each, parallelism %d"
            .formatted(blocks, blockBytes, flags.threads()));
    List<Result> unsorted = SplitterBenchmark.run(plan);
    List<Result> results = ranked(unsorted, result -> result.timing().bytesPerSecond());
    if (flags.json) {
      json(
          results,
          (row, result) -> {
            row.field("splitter", result.splitter().name());
            timing(row, "", result.timing());
            Lengths lengths = result.lengths();
            row.field("count", lengths.count()).field("min", lengths.min());
            row.field("p10", lengths.p10()).field("p25", lengths.p25());
            row.field("p50", lengths.p50()).field("p75", lengths.p75());
            row.field("p90", lengths.p90()).field("max", lengths.max());
          });
    } else {
      print(unsorted, results);
    }
    flags.draw(
        cli,
        "Splitting",
        results.stream()
            .filter(SplitterCommand::dynamic)
            .map(r -> new BenchmarkFlags.Bar(r.splitter().name(), r.timing().bytesPerSecond()))
            .toList());
  }

  private void print(List<Result> unsorted, List<Result> results) {
    for (Result result : unsorted) {
      line(
          "%-25s %12s/s %s"
              .formatted(
                  result.splitter().name(),
                  size(result.timing().bytesPerSecond()),
                  text(result.lengths())));
    }
    rule();
    int index = 0;
    for (Result result : results) {
      line(
          "%3d. %-25s %-12s/s %s"
              .formatted(
                  index++,
                  result.splitter().name(),
                  size(result.timing().bytesPerSecond()),
                  text(result.lengths())));
    }
    if (flags.printOptions) {
      results.stream()
          .filter(SplitterCommand::dynamic)
          .findFirst()
          .ifPresent(best ->
              line(
                  "Fastest option for this machine is: --object-splitter=%s"
                      .formatted(best.splitter().name())));
    }
  }

  private static boolean dynamic(Result result) {
    return result.splitter().kind() != SplitterAlgorithm.Kind.FIXED;
  }

  private static String text(Lengths lengths) {
    return "count:%d min:%d 10th:%d 25th:%d 50th:%d 75th:%d 90th:%d max:%d"
        .formatted(
            lengths.count(),
            lengths.min(),
            lengths.p10(),
            lengths.p25(),
            lengths.p50(),
            lengths.p75(),
            lengths.p90(),
            lengths.max());
  }
}
