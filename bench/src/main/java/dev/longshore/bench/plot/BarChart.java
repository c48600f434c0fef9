package dev.longshore.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A chart of horizontal bars, drawn as SVG: one group of bars for each row, one bar in it for each
/// series. Needs no font metrics and no graphics library; the text is UTF-8 and the same for the
/// same input.
///
/// @param title above the chart
/// @param unit what the lengths mean, printed after each number
/// @param series names of the bars in a group, in drawing order; at least one
/// @param rows the groups from top to bottom
public record BarChart(String title, String unit, List<String> series, List<Row> rows) {
  private static final int WIDTH = 900;
  private static final int LABELS = 290;
  private static final int NUMBERS = 110;
  private static final int BAR = 16;
  private static final int GAP = 14;
  private static final int TOP = 64;
  private static final String[] COLOURS = {
    "#1f6f8b", "#e08e45", "#8a8f98", "#6a9f58", "#b5515f", "#7a5fa8"
  };

  /// A group of bars.
  ///
  /// @param values one for each series; NaN where there is none, which is drawn as a dash
  public record Row(String label, List<Double> values) {
    public Row {
      values = List.copyOf(values);
    }
  }

  public BarChart {
    series = List.copyOf(series);
    rows = List.copyOf(rows);
    if (series.isEmpty()) {
      throw new IllegalArgumentException("a chart needs at least one series");
    }
    for (Row row : rows) {
      if (row.values().size() != series.size()) {
        throw new IllegalArgumentException(
            "%d values for %d series: %s"
                .formatted(row.values().size(), series.size(), row.label()));
      }
    }
  }

  /// The chart as a complete SVG document.
  public String svg() {
    double longest = 0;
    for (Row row : rows) {
      for (double value : row.values()) {
        longest = Double.isNaN(value) ? longest : Math.max(longest, value);
      }
    }
    double pixels = longest == 0 ? 0 : (WIDTH - LABELS - NUMBERS) / longest;
    List<String> lines = new ArrayList<>();
    int height = TOP + rows.size() * (series.size() * BAR + GAP) + GAP;
    lines.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                .formatted(WIDTH, height, WIDTH, height)
            + " font-family=\"sans-serif\" font-size=\"12\">");
    lines.add("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
    lines.add(
        "<text x=\"12\" y=\"24\" font-size=\"16\" font-weight=\"bold\">%s</text>"
            .formatted(escaped(title)));
    legend(lines);
    int y = TOP;
    for (Row row : rows) {
      group(lines, row, y, pixels);
      y += series.size() * BAR + GAP;
    }
    lines.add("</svg>");
    return String.join("\n", lines) + "\n";
  }

  private void legend(List<String> lines) {
    if (series.size() == 1) {
      return;
    }
    int x = 12;
    for (int s = 0; s < series.size(); s++) {
      lines.add(
          "<rect x=\"%d\" y=\"38\" width=\"12\" height=\"12\" fill=\"%s\"/>"
              .formatted(x, colour(s)));
      lines.add("<text x=\"%d\" y=\"48\">%s</text>".formatted(x + 17, escaped(series.get(s))));
      x += 40 + 8 * series.get(s).length();
    }
  }

  private void group(List<String> lines, Row row, int y, double pixels) {
    int middle = y + series.size() * BAR / 2 + 4;
    lines.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
            .formatted(LABELS - 8, middle, escaped(row.label())));
    for (int s = 0; s < series.size(); s++) {
      double value = row.values().get(s);
      int top = y + s * BAR;
      int length = Double.isNaN(value) ? 0 : (int) Math.max(1, Math.round(value * pixels));
      if (length > 0) {
        lines.add(
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>"
                .formatted(LABELS, top + 1, length, BAR - 2, colour(s)));
      }
      lines.add(
          "<text x=\"%d\" y=\"%d\">%s</text>"
              .formatted(LABELS + length + 5, top + BAR - 4, escaped(label(value))));
    }
  }

  private String label(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    String number =
        value >= 100
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    return unit.isEmpty() ? number : number + " " + unit;
  }

  private static String colour(int series) {
    return COLOURS[series % COLOURS.length];
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
