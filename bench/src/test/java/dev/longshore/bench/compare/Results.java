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

/// The measurements as tables, raw JSON and plots.
final class Results {
  private final CompareOptions options;
  private final List<String> versions;
  private final List<String> works;
  private final List<Measurement> measurements;
  private final List<String> tools;

  Results(
      CompareOptions options,
      List<String> versions,
      List<String> works,
      List<Measurement> measurements) {
    this.options = options;
    this.versions = versions;
    this.works = works;
    this.measurements = measurements;
    tools = options.tools().stream().map(Tool::name).toList();
  }

  void write() throws IOException {
    Path base = options.resultFiles();
    Files.createDirectories(base.toAbsolutePath().getParent());
    Files.writeString(sibling(base, ".md"), markdown());
    Files.write(sibling(base, ".json"), json());
    plot(sibling(base, "-wall.svg"), "Wall time", "s", m -> m.sample().wallSeconds());
    plot(sibling(base, "-cpu.svg"), "CPU time", "s", m -> m.sample().cpuSeconds());
    plot(sibling(base, "-rss.svg"), "Peak memory", "MB", m -> m.sample().peakRssBytes() / 1e6);
    plot(sibling(base, "-stored.svg"), "Stored", "MB", m -> m.storedBytes() / 1e6);
  }

  private static Path sibling(Path base, String ending) {
    return base.resolveSibling(base.getFileName() + ending);
  }

  private String markdown() throws IOException {
    StringBuilder text = new StringBuilder("# " + options.resultFiles().getFileName() + "\n\n");
    text.append("`").append(options.commandLine()).append("`\n\n");
    text.append("On ").append(Machine.describe()).append(".\n");
    works.forEach(work -> text.append("- ").append(work).append('\n'));
    versions.forEach(version -> text.append("- ").append(version).append('\n'));
    text.append("\nMedians of ").append(options.rounds());
    text.append(
        options.cold() ? " rounds, nothing in the page cache when a clock starts," : " rounds");
    text.append(
        " or fewer if it was cut short; within a round the programs take turns. The ratio is"
            + " Longshore's number to that of the better of the others; the bar is what it may be."
            + " Restored trees were compared with their sources, byte for byte.\n");
    table(text, "Wall time, s", m -> m.sample().wallSeconds(), Step::wallBar);
    table(text, "CPU time (user + system), s", m -> m.sample().cpuSeconds(), Step::cpuBar);
    table(text, "Peak RSS, MB", m -> m.sample().peakRssBytes() / 1e6, step -> 1);
    table(text, "Stored, MB", m -> m.storedBytes() / 1e6, step -> Double.NaN);
    failures(text);
    return text.toString();
  }

  private void table(
      StringBuilder text,
      String title,
      ToDoubleFunction<Measurement> value,
      ToDoubleFunction<Step> bar) {
    text.append("\n## ").append(title).append("\n\n| Work |");
    tools.forEach(tool -> text.append(' ').append(tool).append(" |"));
    text.append(" ratio | bar |\n|---|").append("---:|".repeat(tools.size() + 2)).append('\n');
    for (Step step : steps()) {
      text.append("| ").append(label(step)).append(" |");
      for (String tool : tools) {
        text.append(' ').append(cell(step, tool, value)).append(" |");
      }
      double ratio = ratio(step, value);
      double limit = bar.applyAsDouble(step);
      text.append(Double.isNaN(ratio) ? " – |" : format(" %.2f |", ratio));
      text.append(Double.isNaN(limit) ? " |\n" : format(" %.1f |\n", limit));
    }
  }

  private String cell(Step step, String tool, ToDoubleFunction<Measurement> value) {
    if (of(step, tool).anyMatch(m -> m.sample().failed())) {
      return "failed";
    }
    double median = median(step, tool, value);
    return Double.isNaN(median) ? "–" : format(median >= 100 ? "%.0f" : "%.2f", median);
  }

  private double ratio(Step step, ToDoubleFunction<Measurement> value) {
    double own = median(step, "Longshore", value);
    double best = Double.NaN;
    for (String tool : tools) {
      double other = median(step, tool, value);
      if (!tool.equals("Longshore") && (Double.isNaN(best) || other < best)) {
        best = other;
      }
    }
    return own / best;
  }

  private void failures(StringBuilder text) {
    for (Measurement m : measurements) {
      if (m.sample().failed()) {
        text.append(
            "\nFailed: %s, %s, round %d: `%s`\n"
                .formatted(
                    m.step(),
                    m.tool(),
                    m.round() + 1,
                    m.sample().failure().replaceAll("\\s+", " ").replace("`", "'")));
      }
    }
  }

  private byte[] json() throws IOException {
    GoJsonWriter json = GoJsonWriter.indented();
    json.beginObject();
    json.field("command", options.commandLine());
    json.field("machine", Machine.describe());
    json.name("works").beginArray();
    works.forEach(json::value);
    json.endArray().name("versions").beginArray();
    versions.forEach(json::value);
    json.endArray().name("samples").beginArray();
    for (Measurement m : measurements) {
      Sample sample = m.sample();
      json.beginObject()
          .field("step", m.step().name())
          .field("tool", m.tool())
          .field("round", m.round() + 1L);
      json.name("wallSeconds").value(sample.wallSeconds());
      json.name("cpuSeconds").value(sample.cpuSeconds());
      json.field("peakRssBytes", sample.peakRssBytes());
      json.field("storedBytes", m.storedBytes());
      json.name("load").value(sample.load());
      json.fieldUnlessEmpty("failure", sample.failure());
      json.endObject();
    }
    return json.endArray().endObject().newline().toByteArray();
  }

  private void plot(Path file, String title, String unit, ToDoubleFunction<Measurement> value)
      throws IOException {
    List<BarChart.Row> rows = new ArrayList<>();
    for (Step step : steps()) {
      rows.add(
          new BarChart.Row(
              label(step), tools.stream().map(tool -> median(step, tool, value)).toList()));
    }
    Files.writeString(
        file, new BarChart(title + ", medians (less is better)", unit, tools, rows).svg());
  }

  private List<Step> steps() {
    return Arrays.stream(Step.values())
        .filter(step -> options.works().contains(step.work().option()))
        .toList();
  }

  private static String label(Step step) {
    return step.work().option() + ": " + step.text();
  }

  private java.util.stream.Stream<Measurement> of(Step step, String tool) {
    return measurements.stream().filter(m -> m.step() == step && m.tool().equals(tool));
  }

  /// NaN if there is none, or one failed.
  private double median(Step step, String tool, ToDoubleFunction<Measurement> value) {
    double[] sorted =
        of(step, tool)
            .mapToDouble(m -> m.sample().failed() ? Double.NaN : value.applyAsDouble(m))
            .sorted()
            .toArray();
    // NaN sorts last.
    if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
      return Double.NaN;
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
