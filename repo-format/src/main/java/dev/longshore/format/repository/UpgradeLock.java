package dev.longshore.format.repository;

import java.time.Duration;
import java.time.Instant;

/// A planned or running upgrade of the repository's format.
///
/// JSON:
/// `{"ownerID","creationTime","advanceNoticeDuration","ioDrainTimeout","statusPollInterval","message",
/// "maxPermittedClockDrift"}`; durations in ns, zero values left out.
///
/// Source: kopia 4ebb2be6c `repo/format/upgrade_lock_intent.go`.
///
/// @param advanceNotice time from creation to the upgrade that clients are given; zero for none
/// @param ioDrainTimeout how long a client may take to see the lock and stop
/// @param statusPollInterval how often a waiting client looks again
/// @param maxClockDrift how far the clocks of clients may be apart
public record UpgradeLock(
    String ownerId,
    Instant creationTime,
    Duration advanceNotice,
    Duration ioDrainTimeout,
    Duration statusPollInterval,
    String message,
    Duration maxClockDrift) {

  private Duration drainInterval() {
    return maxClockDrift.plus(ioDrainTimeout.multipliedBy(2));
  }

  /// When all clients have stopped and the upgrade may begin.
  public Instant upgradeTime() {
    Duration drain = drainInterval();
    return creationTime.plus(advanceNotice.compareTo(drain) > 0 ? advanceNotice : drain);
  }

  /// Tells whether clients other than the owner must not use the repository at `now`.
  public boolean isLocked(Instant now) {
    Duration drain = drainInterval();
    return advanceNotice.compareTo(drain) < 0
        || !now.isBefore(creationTime.plus(advanceNotice).minus(drain));
  }

  /// Tells whether every client has had the time to see the lock at `now`.
  public boolean isFullyEstablished(Instant now) {
    return !now.isBefore(upgradeTime());
  }
}
