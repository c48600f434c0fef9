package dev.longshore.engine.repository;

import dev.longshore.format.repository.BlobRetention;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The parameters to change; what is empty stays.
///
/// @param maxPackSizeBytes 10 MiB to 120 MiB
/// @param indexVersion 1 or 2
/// @param retention `BlobRetention.NONE` turns locking off
/// @param epochs only for repositories with the epoch manager
public record ParameterChange(
    OptionalInt maxPackSizeBytes,
    OptionalInt indexVersion,
    Optional<BlobRetention> retention,
    Epochs epochs) {
  /// Nothing changes.
  public static final ParameterChange NONE =
      new ParameterChange(
          OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Epochs.UNCHANGED);

  /// The epoch manager's part.
  public record Epochs(
      Optional<Duration> refreshFrequency,
      Optional<Duration> minDuration,
      Optional<Duration> cleanupSafetyMargin,
      OptionalInt advanceOnCount,
      OptionalLong advanceOnTotalSizeBytes,
      OptionalInt deleteParallelism,
      OptionalInt fullCheckpointFrequency) {
    /// Nothing changes.
    public static final Epochs UNCHANGED =
        new Epochs(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());
  }
}
