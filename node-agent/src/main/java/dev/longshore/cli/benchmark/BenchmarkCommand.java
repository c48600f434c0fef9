package dev.longshore.cli.benchmark;

import dev.longshore.bench.algorithm.Timing;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.format.json.GoJsonWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Mixin;

/// A benchmark: work, then a table as Kopia prints it, or JSON, and perhaps a chart.
abstract class BenchmarkCommand extends RepoCommand {
  static final String RULE = "-".repeat(65);

  @Mixin final BenchmarkFlags flags = new BenchmarkFlags();

  BenchmarkCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected final ExitCode run() {
    flags.checkPlot();
    try {
      measure();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
    }
    return ExitCode.OK;
  }

  /// Does the work and prints.
  abstract void measure() throws InterruptedException;

  final void line(String text) {
    cli.out().println(text.stripTrailing());
  }

  final void rule() {
    cli.out().println(RULE);
  }

  /// The results, the fastest first.
  static <R> List<R> ranked(List<R> results, ToDoubleFunction<R> bytesPerSecond) {
    return results.stream().sorted(Comparator.comparingDouble(bytesPerSecond).reversed()).toList();
  }

  /// Prints ranked results between two rules, and the option that chooses the first.
  ///
  /// @param option that chooses what a result is of; ends its line on request
  final <R> void table(
      String rule, List<R> results, Function<R, String> columns, Function<R, String> option) {
    cli.out().println(rule);
    int index = 0;
    for (R result : results) {
      String end = flags.printOptions ? ",   " + option.apply(result) : "";
      line("%3d. %s%s".formatted(index++, columns.apply(result), end));
    }
    cli.out().println(rule);
    line("Fastest option for this machine is: " + option.apply(results.getFirst()));
  }

  /// Bytes, or bytes per second, for people.
  final String size(double bytes) {
    return cli.sizes().bytes((long) bytes);
  }

  /// Prints a list of objects.
  final <R> void json(List<R> results, BiConsumer<GoJsonWriter, R> fields) {
    try (var list = new JsonList(cli.out())) {
      for (R result : results) {
        list.add(row -> fields.accept(row, result));
      }
    }
    cli.out().println();
  }

  /// The fields of a timing, after a prefix.
  static void timing(GoJsonWriter row, String prefix, Timing timing) {
    number(row, prefix, "bytes", timing.bytes());
    number(row, prefix, "nanoseconds", Math.round(timing.wallSeconds() * 1e9));
    number(row, prefix, "cpuNanoseconds", Math.round(timing.cpuSeconds() * 1e9));
    number(row, prefix, "bytesPerSecond", Math.round(timing.bytesPerSecond()));
    number(row, prefix, "bytesPerCpuSecond", Math.round(timing.bytesPerCpuSecond()));
  }

  private static void number(GoJsonWriter row, String prefix, String name, long value) {
    String capital = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    row.field(prefix.isEmpty() ? name : prefix + capital, value);
  }
}
