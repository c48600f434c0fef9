package dev.longshore.agent.world;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What a participant waits for, by names of its own. A wait is forgotten as soon as a turn passes
/// in which nobody asked for it.
public final class Timers {
  private final InstantSource clock;
  private final RandomGenerator random;
  private Map<String, Instant> before = new HashMap<>();
  private Map<String, Instant> now = new HashMap<>();
  private Duration soonest = Participant.IDLE;

  Timers(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  void begin() {
    before = now;
    now = new HashMap<>();
    soonest = Participant.IDLE;
  }

  /// Whether a wait is over, which begins when it is first asked for.
  public boolean isOver(String name, Delay delay) {
    Instant end = now.get(name);
    if (end == null) {
      end = before.get(name);
    }
    if (end == null) {
      end = clock.instant().plus(delay.draw(random));
    }
    now.put(name, end);
    if (end.isAfter(clock.instant())) {
      wakeIn(Duration.between(clock.instant(), end));
      return false;
    }
    return true;
  }

  /// Begins a wait anew.
  public void restart(String name, Delay delay) {
    Instant end = clock.instant().plus(delay.draw(random));
    now.put(name, end);
    wakeIn(Duration.between(clock.instant(), end));
  }

  /// Asks for a turn.
  public void wakeIn(Duration wait) {
    if (wait.compareTo(soonest) < 0) {
      soonest = wait;
    }
  }

  Duration soonest() {
    return soonest;
  }
}
