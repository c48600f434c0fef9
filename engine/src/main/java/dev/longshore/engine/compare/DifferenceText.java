package dev.longshore.engine.compare;

/// Differences in Kopia's words.
public final class DifferenceText {
  private DifferenceText() {}

  /// One line, without its end.
  public static String of(Difference difference) {
    throw new UnsupportedOperationException("not yet");
  }
}
