package dev.longshore.engine.blob;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// So many units a second. Thread-safe.
///
/// Whoever takes more than there is waits until it would have come in; those who come later wait
/// for that, too. What nobody takes adds up for [#BURST] and no longer, so that a pause is not made
/// up for by a burst that the line feels.
final class TokenBucket {
  static final Duration BURST = Duration.ofSeconds(1);

  private static final double NANOS_PER_SECOND = 1e9;

  private final String what;
  private final double perSecond;
  private final Clock clock;
  private final Sleeper sleeper;
  private double available;
  private Instant last;

  /// @param what is limited, for messages
  /// @param perSecond units; 0 for no limit
  TokenBucket(String what, double perSecond, Clock clock, Sleeper sleeper) {
    this.what = what;
    this.perSecond = perSecond;
    this.clock = clock;
    this.sleeper = sleeper;
    this.available = perSecond * BURST.toSeconds();
    this.last = clock.instant();
  }

  /// Takes units, and waits until it may.
  void take(double units) throws StoreException {
    if (perSecond <= 0) {
      return;
    }
    Duration wait = reserve(units);
    if (wait.isZero()) {
      return;
    }
    try {
      sleeper.sleep(wait);
    } catch (InterruptedException e) {
      throw Faults.interrupted("wait for the limit of " + what, e);
    }
  }

  private synchronized Duration reserve(double units) {
    Instant now = clock.instant();
    // A clock that was set back gives nothing, however far.
    double passed = Math.max(0, Duration.between(last, now).toNanos() / NANOS_PER_SECOND);
    last = now;
    available = Math.min(perSecond * BURST.toSeconds(), available + passed * perSecond) - units;
    return available >= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil(-available / perSecond * NANOS_PER_SECOND));
  }
}
