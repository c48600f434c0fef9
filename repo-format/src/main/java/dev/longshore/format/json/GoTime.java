package dev.longshore.format.json;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// Times as Go's `time.Time` has them in JSON: RFC 3339, up to nine fraction digits.
///
/// A file's time is a count of nanoseconds in 64 bits that wraps around: what lies outside 1677 to
/// 2262 comes back as another year. Kopia stores times that way, so the wrap is part of the format.
public final class GoTime {
  /// The Go zero time, what an unset `time.Time` is written as.
  public static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");

  // What a time of four-digit years can be in UTC.
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant BEHIND_LAST = Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);

  static final int MAX_UTC_LENGTH = 30;

  /// From March 1 of the year 0.
  private static final long DAYS_TO_1970 = 719_468;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

  private GoTime() {}

  /// Nanoseconds since 1970 of an instant, wrapping around as Go's `UnixNano` does.
  public static long epochNanos(Instant instant) {
    return instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
  }

  /// Nanoseconds since 1970 of a date and time in UTC, wrapping around.
  ///
  /// @param month 1 to 12
  /// @param day 1 to [#daysOf]
  public static long epochNanos(int year, int month, int day, int secondOfDay, int nanos) {
    // Years from March on, so that the day that may be missing is the last.
    int from = month > 2 ? year : year - 1;
    int era = Math.floorDiv(from, 400);
    int inEra = from - 400 * era;
    int inYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long epochDay = 146_097L * era + 365L * inEra + inEra / 4 - inEra / 100 + inYear - DAYS_TO_1970;
    return (86_400 * epochDay + secondOfDay) * NANOS_PER_SECOND + nanos;
  }

  /// Days of a month, 1 to 12.
  public static int daysOf(int year, int month) {
    return switch (month) {
      case 4, 6, 9, 11 -> 30;
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      default -> 31;
    };
  }

  /// The instant of a count of nanoseconds since 1970.
  public static Instant instant(long epochNanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
  }

  /// The text of a time in UTC.
  public static String format(long epochNanos) {
    byte[] text = new byte[MAX_UTC_LENGTH];
    return new String(text, 0, format(epochNanos, text, 0), StandardCharsets.US_ASCII);
  }

  /// The text of an instant in UTC; unlike [#format(long)] it reaches from year 0 to 9999.
  ///
  /// @throws IllegalArgumentException outside these years
  public static String format(Instant instant) {
    LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9999) {
      throw new IllegalArgumentException("year " + utc.getYear() + " has no RFC 3339 form");
    }
    byte[] text = new byte[MAX_UTC_LENGTH];
    int end = write(utc.toLocalDate(), utc.toLocalTime().toNanoOfDay(), text, 0);
    return new String(text, 0, end, StandardCharsets.US_ASCII);
  }

  /// Writes the text of a time into `target`, which has [#MAX_UTC_LENGTH] bytes of room. Returns
  /// its end.
  static int format(long epochNanos, byte[] target, int offset) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochNanos, NANOS_PER_DAY));
    return write(date, Math.floorMod(epochNanos, NANOS_PER_DAY), target, offset);
  }

  private static int write(LocalDate date, long nanoOfDay, byte[] target, int offset) {
    int second = (int) (nanoOfDay / NANOS_PER_SECOND);
    int nanos = (int) (nanoOfDay % NANOS_PER_SECOND);
    int at = digits(target, offset, date.getYear(), 4);
    target[at++] = '-';
    at = digits(target, at, date.getMonthValue(), 2);
    target[at++] = '-';
    at = digits(target, at, date.getDayOfMonth(), 2);
    target[at++] = 'T';
    at = digits(target, at, second / 3600, 2);
    target[at++] = ':';
    at = digits(target, at, second / 60 % 60, 2);
    target[at++] = ':';
    at = digits(target, at, second % 60, 2);
    if (nanos != 0) {
      target[at++] = '.';
      at = digits(target, at, nanos, 9);
      while (target[at - 1] == '0') {
        at--;
      }
    }
    target[at++] = 'Z';
    return at;
  }

  private static int digits(byte[] target, int offset, int value, int count) {
    int rest = value;
    for (int i = offset + count - 1; i >= offset; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return offset + count;
  }

  /// Reads a time with any offset; empty if it is not one, or in UTC not in the years 0 to 9999. An
  /// hour of one digit, which Go lets pass, is refused. Digits of the fraction beyond the ninth are
  /// dropped, as Go does.
  public static Optional<Instant> parse(String text) {
    // yyyy-MM-ddTHH:mm:ss, a fraction, Z or ±hh:mm
    if (text.length() < 20 || text.length() > 128) {
      return Optional.empty();
    }
    int at = 19;
    int nanos = 0;
    if (text.charAt(at) == '.' || text.charAt(at) == ',') {
      int start = ++at;
      int scale = 100_000_000;
      while (at < text.length() && isDigit(text.charAt(at))) {
        nanos += scale * (text.charAt(at) - '0');
        scale /= 10;
        at++;
      }
      if (at == start) {
        return Optional.empty();
      }
    }
    int offset = offsetMinutes(text, at);
    boolean shaped =
        text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && text.charAt(10) == 'T'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':';
    if (!shaped || offset == Integer.MIN_VALUE) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
      LocalTime time =
          LocalTime.of(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2), nanos);
      Instant instant = date.atTime(time).toInstant(ZoneOffset.UTC).minusSeconds(60L * offset);
      boolean shown = !instant.isBefore(FIRST) && instant.isBefore(BEHIND_LAST);
      return shown ? Optional.of(instant) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int offsetMinutes(String text, int at) {
    int rest = text.length() - at;
    if (rest == 1 && text.charAt(at) == 'Z') {
      return 0;
    }
    if (rest != 6 || text.charAt(at + 3) != ':') {
      return Integer.MIN_VALUE;
    }
    int hours = number(text, at + 1, 2);
    int minutes = number(text, at + 4, 2);
    // Go takes a full day and a full hour too.
    if (hours < 0 || hours > 24 || minutes < 0 || minutes > 60) {
      return Integer.MIN_VALUE;
    }
    return switch (text.charAt(at)) {
      case '+' -> 60 * hours + minutes;
      case '-' -> -(60 * hours + minutes);
      default -> Integer.MIN_VALUE;
    };
  }

  /// The number in `count` digits, -1 if there is something else.
  private static int number(String text, int at, int count) {
    int value = 0;
    for (int i = at; i < at + count; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      value = 10 * value + text.charAt(i) - '0';
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
