package dev.longshore.engine.repository;

import java.time.Duration;

/// How an upgrade is run.
///
/// @param ownerId who upgrades: nobody else may use the repository, and whoever gives the same id
///   goes on with an upgrade that was interrupted
/// @param ioDrainTimeout how long a client may take to see the lock and stop
/// @param statusPollInterval how often to look while waiting for clients
/// @param maxClockDrift how far the clocks of clients may be apart
/// @param unsafeTimings allow a shorter time than clients take to notice
/// @param lockOnly only put the lock in place
/// @param commit end the upgrade; otherwise the lock stays, and everything can be rolled back
public record UpgradePlan(
    String ownerId,
    Duration ioDrainTimeout,
    Duration statusPollInterval,
    Duration maxClockDrift,
    boolean unsafeTimings,
    boolean lockOnly,
    boolean commit) {
  /// How long clients go on without looking at the format blob: Kopia's, and ours.
  public static final Duration MIN_DRAIN = Duration.ofMinutes(15);
}
