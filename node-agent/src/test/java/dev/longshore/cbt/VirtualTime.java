package dev.longshore.cbt;

import dev.longshore.kube.Pace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;

/// Time that passes when somebody sleeps.
final class VirtualTime implements InstantSource {
  private Instant now = Instant.parse("2026-03-04T05:06:07Z");
  private Duration slept = Duration.ZERO;

  @Override
  public synchronized Instant instant() {
    return now;
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  synchronized Duration slept() {
    return slept;
  }

  private synchronized void sleep(Duration time) {
    slept = slept.plus(time);
    now = now.plus(time);
  }

  Pace pace(long seed) {
    return new Pace(this, this::sleep, new SplittableRandom(seed));
  }
}
