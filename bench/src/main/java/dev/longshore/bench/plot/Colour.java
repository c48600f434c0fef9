package dev.longshore.bench.plot;

import java.util.List;

/// The colours of charts.
enum Colour {
  WHITE(0xffffff),
  BLACK(0x000000),
  BLUE(0x1f6f8b),
  ORANGE(0xe08e45),
  GREY(0x8a8f98),
  GREEN(0x6a9f58),
  RED(0xb5515f),
  PURPLE(0x7a5fa8);

  private static final List<Colour> BARS = List.of(BLUE, ORANGE, GREY, GREEN, RED, PURPLE);

  private final int rgb;

  Colour(int rgb) {
    this.rgb = rgb;
  }

  int rgb() {
    return rgb;
  }

  /// The colour of the bars of a series; they repeat after six.
  static Colour ofSeries(int series) {
    return BARS.get(series % BARS.size());
  }
}
