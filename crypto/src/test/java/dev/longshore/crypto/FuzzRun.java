package dev.longshore.crypto;

import java.util.Random;

/// Runs a property over seeds; a failure names its seed.
///
/// `-Dlongshore.seed=N` runs that one seed only; `-Dlongshore.fuzz.seconds=N` goes on for so long.
public final class FuzzRun {
  private FuzzRun() {}

  /// A property of whatever the random generator makes.
  @FunctionalInterface
  public interface Property {
    /// Fails by throwing.
    void check(Random random) throws Exception;
  }

  /// Checks the property for `count` seeds, or as the system properties say.
  public static void check(int count, Property property) {
    Long only = Long.getLong("longshore.seed");
    if (only != null) {
      run(only, property);
      return;
    }
    long end = System.nanoTime() + Long.getLong("longshore.fuzz.seconds", 0) * 1_000_000_000L;
    for (long seed = 1; seed <= count || System.nanoTime() < end; seed++) {
      run(seed, property);
    }
  }

  private static void run(long seed, Property property) {
    try {
      property.check(new Random(seed));
    } catch (Exception | Error e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }
}
