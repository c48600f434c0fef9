package dev.longshore.format.repository;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The settings of the epoch manager, a part of the repository format.
///
/// | JSON name (inside `epochParameters`, PascalCase) | type | default |
/// |---|---|---|
/// | `Enabled` | bool | true; false means the V0 index sets of format 1 |
/// | `EpochRefreshFrequency` | ns | 20 min |
/// | `FullCheckpointFrequency` | int | 7 |
/// | `CleanupSafetyMargin` | ns | 4 h |
/// | `MinEpochDuration` | ns | 24 h |
/// | `EpochAdvanceOnCountThreshold` | int | 20 |
/// | `EpochAdvanceOnTotalSizeBytesThreshold` | int64 | 10485760 |
/// | `DeleteParallelism` | int | 4 |
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_manager.go`.
///
/// @param refreshFrequency how long a loaded state of the epochs may be used
/// @param fullCheckpointFrequency settled epochs between two range checkpoints
/// @param cleanupSafetyMargin how old a compaction must be before what it replaces is deleted
/// @param minEpochDuration least time between the oldest and the newest index blob of an epoch that
///   ends
/// @param advanceOnCount index blobs that end an epoch
/// @param advanceOnTotalSizeBytes bytes of index blobs that end an epoch
/// @param deleteParallelism deletions in flight during cleanup
public record EpochParameters(
    boolean enabled,
    Duration refreshFrequency,
    int fullCheckpointFrequency,
    Duration cleanupSafetyMargin,
    Duration minEpochDuration,
    int advanceOnCount,
    long advanceOnTotalSizeBytes,
    int deleteParallelism) {

  /// What a new repository of format 2 or 3 gets.
  public static final EpochParameters DEFAULT =
      new EpochParameters(
          true,
          Duration.ofMinutes(20),
          7,
          Duration.ofHours(4),
          Duration.ofHours(24),
          20,
          10 << 20,
          4);

  /// No epochs: the V0 index sets.
  public static final EpochParameters DISABLED =
      new EpochParameters(false, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, 0, 0, 0);

  /// The rules broken by these values, as sentences for a person; empty if they may be stored.
  /// Disabled parameters break none.
  public List<String> problems() {
    List<String> found = new ArrayList<>();
    if (!enabled) {
      return found;
    }
    if (minEpochDuration.compareTo(Duration.ofMinutes(10)) < 0) {
      found.add("an epoch must last 10 minutes at least, not " + minEpochDuration);
    }
    if (refreshFrequency.multipliedBy(3).compareTo(minEpochDuration) > 0) {
      found.add("the refresh frequency must be at most a third of the epoch's duration");
    }
    if (fullCheckpointFrequency <= 0) {
      found.add("the checkpoint frequency must be above 0");
    }
    if (cleanupSafetyMargin.compareTo(refreshFrequency.multipliedBy(3)) < 0) {
      found.add("the cleanup margin must be at least three times the refresh frequency");
    }
    if (advanceOnCount < 10) {
      found.add("an epoch must hold 10 index blobs at least, not " + advanceOnCount);
    }
    if (advanceOnTotalSizeBytes < 1 << 20) {
      found.add("an epoch must hold 1 MiB at least, not " + advanceOnTotalSizeBytes + " bytes");
    }
    return found;
  }
}
