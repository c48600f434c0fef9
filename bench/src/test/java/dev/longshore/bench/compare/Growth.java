package dev.longshore.bench.compare;

import dev.longshore.bench.plot.BarChart;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// How time and memory grow with what is worked on: the works of [Compare] at several scales, by
/// Longshore alone.
public final class Growth {
  private static final String SCALES = "--scales=";

  /// One scale's medians.
  private record Column(String scale, List<Measurement> measurements) {
    double median(Step step, ToDoubleFunction<Measurement> value) {
      double[] sorted =
          measurements.stream()
              .filter(m -> m.step() == step)
              .mapToDouble(m -> m.sample().failed() ? Double.NaN : value.applyAsDouble(m))
              .sorted()
              .toArray();
      return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
  }

  private final Path results;
  private final List<Column> columns = new ArrayList<>();
  private final String command;

  private Growth(Path results, String command) {
    this.results = results;
    this.command = command;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String scales =
        Arrays.stream(arguments)
            .filter(a -> a.startsWith(SCALES))
            .map(a -> a.substring(SCALES.length()))
            .findFirst()
            .orElse("0.25,0.5,1");
    Growth growth = null;
    for (String scale : scales.split(",", -1)) {
      CompareOptions options;
      try {
        options = CompareOptions.parse(forScale(arguments, scale), System.getenv());
      } catch (IllegalArgumentException e) {
        System.err.println(e.getMessage());
        System.err.println(
            "usage: bench growth [--scales=0.25,0.5,1] and options of bench compare");
        System.exit(2);
        return;
      }
      if (growth == null) {
        String command = "bin/bench growth --scales=" + scales + " --rounds=" + options.rounds();
        growth = new Growth(options.resultFiles(), command);
      }
      growth.columns.add(new Column(scale, Compare.measure(options, ignored -> {})));
      growth.write();
    }
  }

  private static String[] forScale(String[] arguments, String scale) {
    Stream<String> given = Arrays.stream(arguments).filter(a -> !a.startsWith(SCALES));
    Stream<String> own = Stream.of("--tools=longshore", "--works=image,files", "--scale=" + scale);
    Stream<String> name =
        Arrays.stream(arguments).anyMatch(a -> a.startsWith("--name="))
            ? Stream.empty()
            : Stream.of("--name=growth");
    return Stream.of(given, own, name).flatMap(s -> s).toArray(String[]::new);
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder("# " + results.getFileName() + "\n\n`");
    text.append(command).append("`\n\nOn ").append(Machine.describe());
    text.append(
        ". Scale 1 is a disk image of 6 GiB with 2 GiB of holes, and 56,000 files of 2.5 GB;"
            + " medians.\n");
    GoJsonWriter json = GoJsonWriter.indented();
    json.beginObject().field("command", command).field("machine", Machine.describe());
    json.name("tables").beginArray();
    table(text, json, "CPU time (user + system), s", m -> m.sample().cpuSeconds());
    table(text, json, "Wall time, s", m -> m.sample().wallSeconds());
    table(text, json, "Peak RSS, MB", m -> m.sample().peakRssBytes() / 1e6);
    Files.createDirectories(results.toAbsolutePath().getParent());
    Files.writeString(sibling(".md"), text);
    Files.write(sibling(".json"), json.endArray().endObject().newline().toByteArray());
    plot("-cpu.svg", "CPU time by scale", "s", m -> m.sample().cpuSeconds());
    plot("-rss.svg", "Peak memory by scale", "MB", m -> m.sample().peakRssBytes() / 1e6);
  }

  private Path sibling(String ending) {
    return results.resolveSibling(results.getFileName() + ending);
  }

  private void table(
      StringBuilder text, GoJsonWriter json, String title, ToDoubleFunction<Measurement> value) {
    text.append("\n## ").append(title).append("\n\n| Work |");
    columns.forEach(column -> text.append(" scale ").append(column.scale()).append(" |"));
    text.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
    json.beginObject().field("title", title).name("rows").beginArray();
    for (Step step : steps()) {
      text.append("| ").append(label(step)).append(" |");
      json.beginObject().field("work", label(step));
      for (Column column : columns) {
        double median = column.median(step, value);
        text.append(String.format(Locale.ROOT, median < 100 ? " %.1f |" : " %.0f |", median));
        json.name(column.scale()).value(median);
      }
      text.append('\n');
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void plot(String ending, String title, String unit, ToDoubleFunction<Measurement> value)
      throws IOException {
    List<String> series = columns.stream().map(Column::scale).toList();
    List<BarChart.Row> bars = new ArrayList<>();
    for (Step step : steps()) {
      bars.add(
          new BarChart.Row(
              label(step), columns.stream().map(column -> column.median(step, value)).toList()));
    }
    Files.writeString(sibling(ending), new BarChart(title, unit, series, bars).svg());
  }

  private static List<Step> steps() {
    return Arrays.stream(Step.values()).filter(step -> step.work() != Step.Work.SMALL).toList();
  }

  private static String label(Step step) {
    return step.work().option() + ": " + step.text();
  }
}
