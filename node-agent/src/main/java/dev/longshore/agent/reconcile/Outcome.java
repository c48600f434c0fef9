package dev.longshore.agent.reconcile;

import java.time.Duration;

/// When a resource is to be looked at again, if nothing happens to it before.
///
/// @param again at the latest after this time
public record Outcome(Duration again) {
  /// Nothing is left to do.
  public static final Outcome DONE = new Outcome(Duration.ofHours(1));

  /// Nothing but an event is waited for; looked at all the same, since events get lost.
  public static final Outcome IDLE = new Outcome(Duration.ofSeconds(60));

  public static final Outcome NOW = new Outcome(Duration.ZERO);
  public static final Outcome SOON = new Outcome(Duration.ofSeconds(2));
  public static final Outcome LATER = new Outcome(Duration.ofSeconds(5));

  /// This, or later: after `time`, but no later than [#IDLE].
  Outcome orAfter(Duration time) {
    Duration most = time.compareTo(IDLE.again) < 0 ? time : IDLE.again;
    return most.compareTo(again) > 0 ? new Outcome(most) : this;
  }
}
