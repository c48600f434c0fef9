package dev.longshore.bench.plot;

import java.util.List;
import java.util.Locale;

/// A chart of horizontal bars: one group of bars for each row, one bar in it for each series. Drawn
/// without a graphics library; the same chart gives the same bytes.
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

  /// A group of bars.
  ///
  /// @param values one for each series; NaN where there is none, which is drawn as a dash
  public record Row(String label, List<Double> values) {
    public Row {
      values = List.copyOf(values);
    }
  }

  /// @throws IllegalArgumentException if there is no series, or a row has another number of values
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
    SvgCanvas canvas = new SvgCanvas(WIDTH, height());
    draw(canvas);
    return canvas.document();
  }

  /// The chart as a PNG file. Its letters are plain, and only those of ASCII.
  public byte[] png() {
    PngCanvas canvas = new PngCanvas(WIDTH, height());
    draw(canvas);
    return canvas.file();
  }

  private int height() {
    return TOP + rows.size() * (series.size() * BAR + GAP) + GAP;
  }

  private void draw(Canvas canvas) {
    canvas.text(12, 24, Canvas.Anchor.START, Canvas.Weight.TITLE, title);
    if (series.size() > 1) {
      legend(canvas);
    }
    double longest = 0;
    for (Row row : rows) {
      for (double value : row.values()) {
        longest = Double.isNaN(value) ? longest : Math.max(longest, value);
      }
    }
    double pixels = longest == 0 ? 0 : (WIDTH - LABELS - NUMBERS) / longest;
    int y = TOP;
    for (Row row : rows) {
      group(canvas, row, y, pixels);
      y += series.size() * BAR + GAP;
    }
  }

  private void legend(Canvas canvas) {
    int x = 12;
    for (int s = 0; s < series.size(); s++) {
      canvas.rectangle(x, 38, 12, 12, Colour.ofSeries(s));
      canvas.text(x + 17, 48, Canvas.Anchor.START, Canvas.Weight.NORMAL, series.get(s));
      x += 40 + 8 * series.get(s).length();
    }
  }

  private void group(Canvas canvas, Row row, int y, double pixels) {
    int middle = y + series.size() * BAR / 2 + 4;
    canvas.text(LABELS - 8, middle, Canvas.Anchor.END, Canvas.Weight.NORMAL, row.label());
    for (int s = 0; s < series.size(); s++) {
      double value = row.values().get(s);
      int top = y + s * BAR;
      int length = Double.isNaN(value) ? 0 : (int) Math.max(1, Math.round(value * pixels));
      canvas.rectangle(LABELS, top + 1, length, BAR - 2, Colour.ofSeries(s));
      canvas.text(
          LABELS + length + 5,
          top + BAR - 4,
          Canvas.Anchor.START,
          Canvas.Weight.NORMAL,
          label(value));
    }
  }

  private String label(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    String pattern = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    String number = String.format(Locale.ROOT, pattern, value);
    return unit.isEmpty() ? number : number + " " + unit;
  }
}
