package dev.longshore.cli.output;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Byte counts and rates for people, as Kopia prints them: base 10, one decimal with a trailing
/// `.0` cut, and the next unit from nine tenths of it on.
public final class Sizes {
  private static final String[] BASE_10 = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
  private static final String[] BASE_2 = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private final boolean base2;

  /// @param base2 KiB, MiB, … (`KOPIA_BYTES_STRING_BASE_2`)
  public Sizes(boolean base2) {
    this.base2 = base2;
  }

  /// `21 MB`, `674 B`, `1.5 GB`.
  public String bytes(long count) {
    return scaledBytes((double) count);
  }

  private String scaledBytes(double count) {
    return base2 ? scaled(count, 1024, 0.9 * 1024, BASE_2) : scaled(count, 1000, 900, BASE_10);
  }

  /// `21 MB/s`.
  public String rate(double bytesPerSecond) {
    return scaledBytes(bytesPerSecond) + "/s";
  }

  /// A count in thousands, millions, …: `1.5 M`.
  public String count(long count) {
    String[] units = new String[BASE_10.length];
    for (int i = 0; i < units.length; i++) {
      units[i] = BASE_10[i].substring(0, BASE_10[i].length() - 1);
    }
    return scaled((double) count, 1000, 900, units).strip();
  }

  private static String scaled(double value, double step, double next, String[] units) {
    int unit = 0;
    double scaled = value;
    while (scaled >= next && unit < units.length - 1) {
      scaled /= step;
      unit++;
    }
    return oneDecimal(scaled) + " " + units[unit];
  }

  private static String oneDecimal(double value) {
    // Go rounds the exact binary value, and a tie to even; Java's formatter rounds its decimal form
    // up.
    String text = new BigDecimal(value).setScale(1, RoundingMode.HALF_EVEN).toPlainString();
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
