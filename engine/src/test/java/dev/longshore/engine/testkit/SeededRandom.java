package dev.longshore.engine.testkit;

import java.security.SecureRandom;
import java.util.Random;

/// A repeatable stand-in for a secure source of chance. Thread-safe.
public final class SeededRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final Random generator;

  /// Gives the same bytes for the same seed and the same order of calls.
  public SeededRandom(long seed) {
    this.generator = new Random(seed);
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    generator.nextBytes(bytes);
  }

  @Override
  public synchronized long nextLong() {
    return generator.nextLong();
  }
}
