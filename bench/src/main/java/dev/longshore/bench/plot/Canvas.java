package dev.longshore.bench.plot;

/// What a chart is drawn on: rectangles and lines of text; lengths are pixels of a screen.
sealed interface Canvas permits SvgCanvas, PngCanvas {
  /// Where a text lies relative to its point.
  enum Anchor {
    START,
    END
  }

  void rectangle(int x, int y, int width, int height, Colour colour);

  /// @param y of the line the letters stand on
  void text(int x, int y, Anchor anchor, Weight weight, String text);

  /// The size of letters.
  enum Weight {
    TITLE,
    NORMAL
  }
}
