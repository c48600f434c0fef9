package dev.longshore.engine.blob;

import java.time.Duration;

/// How often and how long a store call is tried.
///
/// @param attempts tries in all
/// @param firstDelay wait after the first fault; doubled after each further one, and shortened by
///   up to half at random
/// @param maxDelay the longest wait
/// @param deadline no try begins later than this after the first
public record RetryPolicy(int attempts, Duration firstDelay, Duration maxDelay, Duration deadline) {
  /// Ten tries in at most 15 minutes.
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(10, Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMinutes(15));
}
