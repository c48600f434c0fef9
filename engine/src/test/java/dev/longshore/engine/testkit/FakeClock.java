package dev.longshore.engine.testkit;

import dev.longshore.engine.blob.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that a test moves; sleeping moves it too. Thread-safe.
public final class FakeClock extends Clock implements Sleeper {
  private final AtomicReference<Instant> now;

  /// Starts at `now`.
  public FakeClock(Instant now) {
    this.now = new AtomicReference<>(now);
  }

  /// Starts on some day in 2026.
  public static FakeClock of2026() {
    return new FakeClock(Instant.parse("2026-11-21T12:00:00Z"));
  }

  /// Moves the time on.
  public void advance(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }

  @Override
  public void sleep(Duration duration) {
    advance(duration);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
