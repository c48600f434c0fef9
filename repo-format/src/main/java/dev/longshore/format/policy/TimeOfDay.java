package dev.longshore.format.policy;

import java.util.Comparator;
import java.util.Locale;

/// A time of the day, local, at which to take a snapshot.
///
/// @param hour 0 to 23, as far as the writer was sane
/// @param minute 0 to 59, likewise
public record TimeOfDay(long hour, long minute) implements Comparable<TimeOfDay> {
  private static final Comparator<TimeOfDay> ORDER =
      Comparator.comparingLong(TimeOfDay::hour).thenComparingLong(TimeOfDay::minute);

  @Override
  public int compareTo(TimeOfDay other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d:%02d", hour, minute);
  }
}
