package dev.longshore.bench.algorithm;

import java.time.Duration;

/// How much a benchmark does.
///
/// @param repeats timed repetitions on each thread, at least 1
/// @param threads how many do the same at once, at least 1
/// @param warmUp for how long each operation runs before it is timed; may be zero
public record Effort(int repeats, int threads, Duration warmUp) {
  /// @throws IllegalArgumentException if a number is below its least value
  public Effort {
    if (repeats < 1 || threads < 1 || warmUp.isNegative()) {
      throw new IllegalArgumentException(
          "an effort of %d repeats on %d threads after %s".formatted(repeats, threads, warmUp));
    }
  }

  Effort repeating(int otherRepeats) {
    return new Effort(otherRepeats, threads, warmUp);
  }
}
