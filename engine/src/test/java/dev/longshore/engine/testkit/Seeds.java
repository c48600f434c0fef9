package dev.longshore.engine.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Runs a property over many seeds; a failure names the seed that repeats it.
///
/// `-Dlongshore.seed=N` runs that one seed only; `-Dlongshore.fuzz.seconds=N` goes on for so long.
public final class Seeds {
  private Seeds() {}

  /// A property of whatever the random generator makes.
  @FunctionalInterface
  public interface Property {
    void check(RandomGenerator random) throws Exception;
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
      property.check(generator(seed));
    } catch (Exception | Error e) {
      throw new AssertionError("seed " + seed + " (-Dlongshore.seed=" + seed + "): " + e, e);
    }
  }

  /// A generator of this seed.
  public static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /// Random bytes.
  public static byte[] bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Bytes that compress well: random words from a small set.
  public static byte[] text(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      char letter = "the quick brown fox ".charAt((i + random.nextInt(2)) % 20);
      bytes[i] = (byte) letter;
    }
    return bytes;
  }
}
