package dev.longshore.kube;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Where clients have their time and chance from.
///
/// @param random spreads the attempts of many clients; safe for use by as many threads as the
///   client
public record Pace(InstantSource clock, Sleeper sleeper, RandomGenerator random) {
  /// Lets time pass.
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }
}
