package dev.longshore.cli.snapshot;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/// Points in time as users write them; a day, month or time without seconds means its end.
final class SnapshotTimes {
  private static final DateTimeFormatter ZONED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);
  private static final List<BiFunction<String, ZoneId, ZonedDateTime>> FORMS =
      List.of(
          (text, _) -> OffsetDateTime.parse(text).toZonedDateTime(),
          (text, _) -> ZonedDateTime.parse(text, ZONED),
          (text, zone) -> LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone),
          (text, zone) -> LocalDate.parse(text).plusDays(1).atStartOfDay(zone).minusNanos(1),
          (text, zone) ->
              YearMonth.parse(text).plusMonths(1).atDay(1).atStartOfDay(zone).minusNanos(1));

  private SnapshotTimes() {}

  /// Nanoseconds since 1970.
  static long parse(String text, ZoneId zone) {
    for (var form : FORMS) {
      try {
        var instant = form.apply(text.strip(), zone).toInstant();
        return Math.addExact(
            Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
      } catch (DateTimeException | ArithmeticException e) {
        // Another form perhaps.
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE, "not a time such as '2026-11-21 09:10:48' or 2026-11-21: " + text);
  }
}
