package dev.longshore.cli.output;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Shares in percent.
public final class Percentages {
  private Percentages() {}

  /// How much of `original` compression saved: `24.7%`.
  public static String saved(long original, long compressed) {
    if (compressed >= original || original == 0) {
      return "0%";
    }
    double percent = 100.0 * (1 - (double) compressed / original);
    return new BigDecimal(percent).setScale(1, RoundingMode.HALF_EVEN).toPlainString() + "%";
  }
}
