package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.CompressionBenchmark;
import dev.longshore.bench.algorithm.CompressionBenchmark.Result;
import dev.longshore.bench.plot.BarChart;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.Text;
import dev.longshore.format.compress.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmark compression`.
@Command(name = "compression", description = "Run compression benchmarks.")
final class CompressionCommand extends BenchmarkCommand {
  private static final String RULE = "-".repeat(96);
  private static final int MAX_DATA_BYTES = 128 << 20;

  /// Which way.
  enum Operations {
    COMPRESS,
    DECOMPRESS,
    BOTH
  }

  @Option(
      names = "--data-file",
      paramLabel = "FILE",
      required = true,
      description = "Use data from this file; its first 128 MiB.")
  String dataFile = "";

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "0",
      description = "Number of repetitions (default: as many as make 128 MiB).")
  int repeat;

  @Option(names = "--by-size", negatable = true, description = "Sort results by size.")
  boolean bySize;

  @Option(names = "--by-alloc", negatable = true, description = "Sort results by allocated bytes.")
  boolean byAllocated;

  @Option(
      names = "--operations",
      defaultValue = "both",
      description = "compress, decompress or both (default: both).")
  Operations operations = Operations.BOTH;

  @Option(
      names = "--verify-stable",
      negatable = true,
      description = "Fail if the same data compresses to other bytes another time.")
  boolean verifyStable;

  @Option(
      names = "--deprecated",
      negatable = true,
      description = "Include deprecated compressions.")
  boolean deprecated;

  @Option(
      names = "--algorithms",
      paramLabel = "NAME,...",
      description = "Only compressions whose name begins with one of these.")
  @Nullable String algorithms;

  CompressionCommand(Cli cli) {
    super(cli);
  }

  @Override
  void measure() throws InterruptedException {
    byte[] data = data();
    int repeats = repeat == 0 ? Math.max(1, MAX_DATA_BYTES / data.length) : repeat;
    var benchmark = new CompressionBenchmark(flags.effort(repeats), data, cli::notice);
    List<Compression> chosen = chosen();
    cli.notice(
        "Will repeat each benchmark %d times per compression method (total %s). Override with --repeat=N."
            .formatted(repeats, size((double) repeats * data.length)));
    List<Result> compressing = List.of();
    List<Result> decompressing = List.of();
    if (operations != Operations.DECOMPRESS) {
      compressing = sorted(benchmark.compress(chosen, verifyStable));
    }
    if (operations != Operations.COMPRESS) {
      decompressing = sorted(benchmark.decompress(chosen));
    }
    print(compressing, decompressing);
    draw(compressing, decompressing);
  }

  private byte[] data() {
    Path file = cli.terminal().workingDirectory().resolve(dataFile);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] data = in.readNBytes(MAX_DATA_BYTES);
      if (data.length == 0) {
        throw new CommandFailure(
            ExitCode.FAILED, "--data-file: " + Text.visible(dataFile) + " is empty");
      }
      if (in.read() >= 0) {
        cli.notice("NOTICE: The file is too big, using its first " + size(data.length) + ".");
      }
      return data;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "--data-file: cannot read " + Text.visible(dataFile), e);
    }
  }

  private List<Compression> chosen() {
    String prefixes = algorithms;
    List<Compression> chosen =
        Arrays.stream(Compression.values())
            .filter(compression ->
                prefixes == null
                    ? deprecated || !compression.deprecated()
                    : Arrays.stream(prefixes.split(",", -1))
                        .anyMatch(prefix -> compression.label().startsWith(prefix)))
            .toList();
    if (chosen.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "--algorithms: no compression begins so: " + prefixes);
    }
    return chosen;
  }

  private List<Result> sorted(List<Result> results) {
    Comparator<Result> order =
        bySize
            ? Comparator.comparingInt(Result::compressedBytes)
            : byAllocated
                ? Comparator.comparingLong(r -> r.timing().allocatedBytes())
                : Comparator.comparingDouble(r -> -r.timing().bytesPerSecond());
    return results.stream().sorted(order).toList();
  }

  private void print(List<Result> compressing, List<Result> decompressing) {
    if (flags.json) {
      record Row(String operation, Result result) {}
      List<Row> rows =
          Stream.concat(
                  compressing.stream().map(r -> new Row("compress", r)),
                  decompressing.stream().map(r -> new Row("decompress", r)))
              .toList();
      json(
          rows,
          (json, row) -> {
            json.field("compression", row.result().compression().label());
            json.field("operation", row.operation());
            json.field("compressedBytes", row.result().compressedBytes());
            json.field("allocatedBytes", row.result().timing().allocatedBytes());
            timing(json, "", row.result().timing());
          });
      return;
    }
    table(compressing);
    table(decompressing);
  }

  private void table(List<Result> results) {
    if (results.isEmpty()) {
      return;
    }
    line(
        "     %-26s %-12s %-12s   Memory Usage"
            .formatted("Compression", "Compressed", "Throughput"));
    cli.out().println(RULE);
    int index = 0;
    for (Result result : results) {
      String name = result.compression().label();
      line(
          "%3d. %-26s %-12s %8s/s     %s%s%s"
              .formatted(
                  index++,
                  name,
                  size(result.compressedBytes()),
                  size(result.timing().bytesPerSecond()),
                  size((double) result.timing().allocatedBytes()),
                  result.compression().deprecated() ? " (deprecated)" : "",
                  flags.printOptions ? ", --compression=" + name : ""));
    }
  }

  private void draw(List<Result> compressing, List<Result> decompressing) {
    Map<Compression, Result> back =
        decompressing.stream().collect(Collectors.toMap(Result::compression, r -> r));
    Map<Compression, Result> there =
        compressing.stream().collect(Collectors.toMap(Result::compression, r -> r));
    List<BarChart.Row> rows = new ArrayList<>();
    for (Result result : compressing.isEmpty() ? decompressing : compressing) {
      Compression compression = result.compression();
      rows.add(
          new BarChart.Row(
              compression.label(),
              List.of(speed(there.get(compression)), speed(back.get(compression)))));
    }
    flags.draw(cli, "Compression", List.of("compress", "decompress"), rows);
  }

  private static double speed(@Nullable Result result) {
    return result == null ? Double.NaN : result.timing().bytesPerSecond() / 1e6;
  }
}
