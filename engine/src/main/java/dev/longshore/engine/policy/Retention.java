package dev.longshore.engine.policy;

import dev.longshore.format.json.GoTime;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tells why each snapshot of a source stays; one without a reason and without a pin expires.
///
/// Newest first, a complete snapshot gets the reason `daily-3` if it is the third newest with a day
/// of its own, as long as it is not older than the limit in days before the newest; likewise for
/// the other periods. If all limits add up to nothing, all stay. Of incomplete snapshots those stay
/// that are newer than the newest complete one, while they are less than four hours behind the
/// newest or among the first three.
///
/// Two oddities are Kopia's and kept, so that both programs expire the same: the names of all
/// periods share one set, so week `2025-01` hides behind month `2025-01`; and weeks and limits
/// follow the local zone while years, months, days and hours follow UTC.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/retention_policy.go`; checked against 350 snapshots
/// (`retention.json`).
public final class Retention {
  /// The reason of an incomplete snapshot.
  public static final String INCOMPLETE = "incomplete";

  private static final long INCOMPLETE_AGE_NANOS = 4L * 3600 * 1_000_000_000;
  private static final int INCOMPLETE_COUNT = 3;
  // What a calendar can count; more is for ever.
  private static final int MAX_YEAR = 900_000_000;
  private static final long MAX_DAYS = 300L * MAX_YEAR;
  private static final long MAX_PERIODS = 1_000_000_000_000L;
  private static final long NANOS_PER_HOUR = 3_600_000_000_000L;
  private static final List<String> SHOWN =
      List.of("latest", "hourly", "daily", "weekly", "monthly", "annual");

  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final RetentionPolicy policy;
  private final ZoneId zone;
  private final Instant newest;

  private Retention(RetentionPolicy policy, ZoneId zone, Instant newest) {
    this.policy = policy;
    this.zone = zone;
    this.newest = newest;
  }

  /// The reasons of each snapshot.
  ///
  /// @param snapshots all of one source, in any order
  /// @param zone the zone of whoever asks
  /// @return one list for each snapshot, in the order given; without reason an empty one
  public static List<List<String>> reasons(
      RetentionPolicy policy, List<SnapshotManifest> snapshots, ZoneId zone) {
    Integer[] order = newestFirst(snapshots);
    long newest = Long.MIN_VALUE;
    long newestComplete = Long.MIN_VALUE;
    for (SnapshotManifest snapshot : snapshots) {
      newest = Math.max(newest, snapshot.startNanos());
      if (snapshot.isComplete()) {
        newestComplete = Math.max(newestComplete, snapshot.startNanos());
      }
    }
    Retention retention = new Retention(policy, zone, GoTime.instant(newestComplete));
    List<List<String>> reasons =
        new ArrayList<>(Collections.nCopies(snapshots.size(), List.<String>of()));
    boolean beforeComplete = true;
    for (int i = 0; i < order.length; i++) {
      SnapshotManifest snapshot = snapshots.get(order[i]);
      if (snapshot.isComplete()) {
        beforeComplete = false;
        reasons.set(order[i], retention.of(snapshot, i));
      } else if (beforeComplete) {
        boolean stays =
            newest - snapshot.startNanos() < INCOMPLETE_AGE_NANOS || i < INCOMPLETE_COUNT;
        beforeComplete = stays;
        reasons.set(order[i], stays ? List.of(INCOMPLETE) : List.of());
      }
    }
    return reasons;
  }

  /// The snapshots that may go: no reason to stay and no pin.
  public static List<SnapshotManifest> expired(
      RetentionPolicy policy, List<SnapshotManifest> snapshots, ZoneId zone) {
    List<List<String>> reasons = reasons(policy, snapshots, zone);
    List<SnapshotManifest> expired = new ArrayList<>();
    for (int i = 0; i < snapshots.size(); i++) {
      if (reasons.get(i).isEmpty() && snapshots.get(i).pins().isEmpty()) {
        expired.add(snapshots.get(i));
      }
    }
    return expired;
  }

  /// Draws reasons of several snapshots together for display: `daily-1`, `daily-2` become
  /// `daily-1..2`.
  public static List<String> compact(List<String> reasons) {
    List<String> result = new ArrayList<>();
    Map<String, List<Integer>> numbers = new TreeMap<>();
    for (String reason : reasons) {
      int dash = reason.lastIndexOf('-');
      if (dash > 0 && reason.substring(dash + 1).matches("[0-9]{1,9}")) {
        numbers
            .computeIfAbsent(reason.substring(0, dash), _ -> new ArrayList<>())
            .add(Integer.valueOf(reason.substring(dash + 1)));
      } else {
        result.add(reason);
      }
    }
    numbers.forEach((type, list) -> addRuns(result, type, list));
    result.sort(Comparator.comparingInt(Retention::rank).thenComparing(Comparator.naturalOrder()));
    return result;
  }

  private static void addRuns(List<String> result, String type, List<Integer> numbers) {
    Collections.sort(numbers);
    int start = numbers.getFirst();
    for (int i = 0; i < numbers.size(); i++) {
      int number = numbers.get(i);
      if (i + 1 == numbers.size() || numbers.get(i + 1) != number + 1) {
        result.add(type + "-" + start + (start == number ? "" : ".." + number));
        start = i + 1 < numbers.size() ? numbers.get(i + 1) : 0;
      }
    }
  }

  private static int rank(String reason) {
    int dash = reason.lastIndexOf('-');
    return SHOWN.indexOf(dash < 0 ? reason : reason.substring(0, dash));
  }

  private static Integer[] newestFirst(List<SnapshotManifest> snapshots) {
    Integer[] order = new Integer[snapshots.size()];
    Arrays.setAll(order, i -> i);
    Comparator<Integer> oldestFirst =
        Comparator.<Integer>comparingLong(i -> snapshots.get(i).startNanos())
            .thenComparingLong(i -> snapshots.get(i).endNanos());
    Arrays.sort(order, oldestFirst.reversed());
    return order;
  }

  private List<String> of(SnapshotManifest snapshot, int position) {
    Instant start = GoTime.instant(snapshot.startNanos());
    LocalDateTime utc = LocalDateTime.ofInstant(start, ZoneOffset.UTC);
    LocalDate local = LocalDate.ofInstant(start, zone);
    Map<String, Boolean> given = new HashMap<>();
    Period year = new Period("annual", digits(utc.getYear(), 4), policy.keepAnnual());
    given.put("latest", give(start, new Period("latest", "" + position, keepLatest())));
    given.put("annual", give(start, year));
    String month = year.name + "-" + digits(utc.getMonthValue(), 2);
    given.put("monthly", give(start, new Period("monthly", month, policy.keepMonthly())));
    String week =
        digits(local.get(IsoFields.WEEK_BASED_YEAR), 4)
            + "-"
            + digits(local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
    given.put("weekly", give(start, new Period("weekly", week, policy.keepWeekly())));
    String day = month + "-" + digits(utc.getDayOfMonth(), 2);
    given.put("daily", give(start, new Period("daily", day, policy.keepDaily())));
    String hour = day + " " + digits(utc.getHour(), 2);
    given.put("hourly", give(start, new Period("hourly", hour, policy.keepHourly())));
    return SHOWN.stream()
        .filter(type -> Boolean.TRUE.equals(given.get(type)))
        .map(type -> type + "-" + counts.get(type))
        .toList();
  }

  /// One thing a snapshot can be the newest of.
  private record Period(String type, String name, @Nullable Long limit) {}

  private boolean give(Instant start, Period period) {
    Long limit = period.limit;
    if (limit == null
        || start.isBefore(cutoff(period.type, limit))
        || names.contains(period.name)) {
      return false;
    }
    int count = counts.getOrDefault(period.type, 0);
    if (count >= limit) {
      return false;
    }
    names.add(period.name);
    counts.put(period.type, count + 1);
    return true;
  }

  /// All latest, if nothing else is to stay either.
  private @Nullable Long keepLatest() {
    long sum =
        orZero(policy.keepLatest())
            + orZero(policy.keepHourly())
            + orZero(policy.keepDaily())
            + orZero(policy.keepWeekly())
            + orZero(policy.keepMonthly())
            + orZero(policy.keepAnnual());
    return sum == 0 ? Long.valueOf(Long.MAX_VALUE) : policy.keepLatest();
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  private Instant cutoff(String type, long limit) {
    long bounded = Math.clamp(limit, -MAX_PERIODS, MAX_PERIODS);
    return switch (type) {
      case "annual" -> calendar(bounded, 0, 0);
      case "monthly" -> calendar(0, bounded, 0);
      case "weekly" -> calendar(0, 0, bounded * 7);
      case "daily" -> calendar(0, 0, bounded);
      case "hourly" -> {
        // 64 bits of nanoseconds, and they wrap around.
        long nanos = -limit * NANOS_PER_HOUR;
        yield newest.plusNanos(nanos);
      }
      default -> Instant.MIN;
    };
  }

  /// The newest start less some years, months or days by the local calendar; a day too many for its
  /// month runs over into the next, as in Go.
  private Instant calendar(long years, long months, long days) {
    LocalDateTime local = LocalDateTime.ofInstant(newest, zone);
    long month = local.getYear() * 12L + local.getMonthValue() - 1 - months;
    long year = Math.floorDiv(month, 12L) - years;
    long day = local.getDayOfMonth() - 1L - days;
    if (Math.abs(year) > MAX_YEAR || Math.abs(day) > MAX_DAYS) {
      return year < 0 || day < 0 ? Instant.MIN : Instant.MAX;
    }
    LocalDateTime shifted =
        LocalDate.of((int) year, Math.floorMod(month, 12) + 1, 1)
            .plusDays(day)
            .atTime(local.toLocalTime());
    ZoneOffset guess = zone.getRules().getOffset(shifted.toInstant(ZoneOffset.UTC));
    if (guess.getTotalSeconds() == 0) {
      return shifted.toInstant(ZoneOffset.UTC);
    }
    // Go's way through gaps and overlaps of the local clock.
    return shifted.toInstant(zone.getRules().getOffset(shifted.toInstant(guess)));
  }

  private static String digits(int value, int count) {
    return String.format(Locale.ROOT, "%0" + count + "d", value);
  }
}
