package dev.longshore.engine.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// What the actors of one run have in common.
final class World {
  private final VirtualTime time;
  private final RandomGenerator random;
  private final Bucket bucket;
  private final Ledger ledger = new Ledger();
  private final List<String> trace = new ArrayList<>();
  private Weather weather;

  /// @param random decides everything
  World(VirtualTime time, RandomGenerator random, Bucket bucket, Weather weather) {
    this.time = time;
    this.random = random;
    this.bucket = bucket;
    this.weather = weather;
  }

  VirtualTime time() {
    return time;
  }

  RandomGenerator random() {
    return random;
  }

  Bucket bucket() {
    return bucket;
  }

  Ledger ledger() {
    return ledger;
  }

  Weather weather() {
    return weather;
  }

  /// Nothing goes wrong any more.
  void calm() {
    weather = Weather.CALM;
  }

  /// How late a change is seen in lists.
  Duration anyLag() {
    long max = weather.maxLag().toMillis();
    return max == 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(max));
  }

  /// How far a clock is off.
  Duration anySkew() {
    long max = weather.maxSkew().toMillis();
    return max == 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(2 * max) - max);
  }

  /// Takes note of what happened.
  void trace(String who, String what) {
    trace.add(time.now() + " " + who + ": " + what);
  }

  /// What happened.
  List<String> trace() {
    return trace;
  }
}
