package dev.longshore.kube;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A time that passes when somebody sleeps.
final class TestClock implements InstantSource {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  final List<Duration> slept = new ArrayList<>();

  @Override
  public synchronized Instant instant() {
    return now;
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  Pace pace() {
    return new Pace(this, this::sleep, new Random(3));
  }

  private synchronized void sleep(Duration time) {
    slept.add(time);
    now = now.plus(time);
  }
}
