package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.Effort;
import dev.longshore.bench.plot.BarChart;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What all benchmarks take.
final class BenchmarkFlags {
  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many threads do the same at once (default: 1).")
  int parallel;

  @Option(
      names = "--print-options",
      negatable = true,
      description = "End lines with the option that chooses the algorithm.")
  boolean printOptions;

  @Option(
      names = "--json",
      negatable = true,
      description = "Print JSON, with bytes per second of the clock and of CPU time.")
  boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw a bar chart; the name ends with .svg or .png.")
  @Nullable String plot;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "300ms",
      description = "How long each algorithm runs before it is timed (default: 300ms).")
  String warmUp = "300ms";

  Duration warmUp() {
    return GoDurations.parse(warmUp)
        .filter(duration -> !duration.isNegative())
        .orElseThrow(() -> new CommandFailure(ExitCode.USAGE, "--warm-up: not a duration"));
  }

  Effort effort(int repeats) {
    if (repeats < 1) {
      throw new CommandFailure(ExitCode.USAGE, "--repeat: at least 1");
    }
    return new Effort(repeats, threads(), warmUp());
  }

  int threads() {
    if (parallel < 1 || parallel > 1024) {
      throw new CommandFailure(ExitCode.USAGE, "--parallel: 1 to 1024");
    }
    return parallel;
  }

  /// Says at once what cannot be drawn, not after the work.
  void checkPlot() {
    if (plot != null && !plot.endsWith(".svg") && !plot.endsWith(".png")) {
      throw new CommandFailure(
          ExitCode.USAGE, "--plot: the name must end with .svg or .png: " + Text.visible(plot));
    }
  }

  /// Draws bytes per second, if a chart is wanted.
  void draw(Cli cli, String title, List<Bar> bars) {
    draw(
        cli,
        title,
        List.of(""),
        bars.stream()
            .map(bar -> new BarChart.Row(bar.label(), List.of(bar.bytesPerSecond() / 1e6)))
            .toList());
  }

  /// One bar of a chart.
  record Bar(String label, double bytesPerSecond) {}

  /// Draws megabytes per second, several for each row.
  void draw(Cli cli, String title, List<String> series, List<BarChart.Row> rows) {
    if (plot == null) {
      return;
    }
    BarChart chart = new BarChart(title, "MB/s", series, rows);
    byte[] picture =
        plot.endsWith(".svg") ? chart.svg().getBytes(StandardCharsets.UTF_8) : chart.png();
    Path file = cli.terminal().workingDirectory().resolve(plot);
    try {
      Files.write(file, picture);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "--plot: cannot write " + Text.visible(file.toString()), e);
    }
  }
}
