package dev.longshore.agent.world;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long something takes: a time drawn between two.
public record Delay(Duration least, Duration most) {
  public static final Delay NONE = new Delay(Duration.ZERO, Duration.ZERO);

  public static Delay of(Duration always) {
    return new Delay(always, always);
  }

  public static Delay millis(long least, long most) {
    return new Delay(Duration.ofMillis(least), Duration.ofMillis(most));
  }

  Duration draw(RandomGenerator random) {
    return least.plusMillis(random.nextLong(most.minus(least).toMillis() + 1));
  }
}
