package dev.longshore.cli.output;

import java.time.Duration;
import java.util.Optional;

/// Durations in Go's notation, which Kopia reads and prints: `15m0s`, `24h0m0s`, `1.5s`, `250ms`.
public final class GoDurations {
  private static final long SECOND = 1_000_000_000L;

  private GoDurations() {}

  /// Prints a duration.
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    String sign = nanos < 0 ? "-" : "";
    long rest = Math.abs(nanos);
    if (rest < SECOND) {
      return sign + belowSecond(rest);
    }
    long hours = rest / (3600 * SECOND);
    long minutes = rest / (60 * SECOND) % 60;
    String seconds = fraction(rest % (60 * SECOND), SECOND) + "s";
    if (hours > 0) {
      return sign + hours + "h" + minutes + "m" + seconds;
    }
    return sign + (minutes > 0 ? minutes + "m" : "") + seconds;
  }

  private static String belowSecond(long nanos) {
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    return nanos < 1_000_000 ? fraction(nanos, 1_000) + "µs" : fraction(nanos, 1_000_000) + "ms";
  }

  private static String fraction(long value, long unit) {
    long whole = value / unit;
    long part = value % unit;
    if (part == 0) {
      return Long.toString(whole);
    }
    String digits = Long.toString(unit + part).substring(1);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return whole + "." + digits.substring(0, end);
  }

  /// Reads a duration such as `1h30m`, `-2.5s` or `0`; empty if the text is none.
  public static Optional<Duration> parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    double nanos = 0;
    int at = 0;
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    while (at < rest.length()) {
      int digits = at;
      while (digits < rest.length() && isNumberPart(rest.charAt(digits))) {
        digits++;
      }
      int unit = digits;
      while (unit < rest.length() && !isNumberPart(rest.charAt(unit))) {
        unit++;
      }
      double scale = unitNanos(rest.substring(digits, unit));
      double value = number(rest.substring(at, digits));
      if (!(scale > 0) || !(value >= 0)) {
        return Optional.empty();
      }
      nanos += value * scale;
      at = unit;
    }
    if (nanos > Long.MAX_VALUE) {
      return Optional.empty();
    }
    Duration duration = Duration.ofNanos(Math.round(nanos));
    return Optional.of(negative ? duration.negated() : duration);
  }

  private static boolean isNumberPart(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static double number(String text) {
    if (text.isEmpty() || text.indexOf('.') != text.lastIndexOf('.') || text.equals(".")) {
      return Double.NaN;
    }
    return Double.parseDouble(text);
  }

  private static double unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs", "μs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> Double.NaN;
    };
  }
}
