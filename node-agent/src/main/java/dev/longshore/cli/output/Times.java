package dev.longshore.cli.output;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Points in time for people: `2026-11-21 09:10:48 UTC`, in the zone the user chose (`--timezone`).
public final class Times {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS zzz", Locale.ROOT);

  private final ZoneId zone;

  public Times(ZoneId zone) {
    this.zone = zone;
  }

  /// The zone of the output.
  public ZoneId zone() {
    return zone;
  }

  /// To the second.
  public String seconds(Instant time) {
    return SECONDS.format(time.atZone(zone));
  }

  /// To the millisecond.
  public String millis(Instant time) {
    return MILLIS.format(time.atZone(zone));
  }
}
