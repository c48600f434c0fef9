package dev.longshore.engine.repository;

import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.RepositoryFormat;
import java.time.Duration;
import java.util.List;
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

  /// The format with the changes, which may break rules.
  ///
  /// @param said receives a sentence for each change
  RepositoryFormat applyTo(RepositoryFormat format, List<String> said) {
    int packSize = maxPackSizeBytes.orElse(format.maxPackSize());
    if (packSize != format.maxPackSize()) {
      said.add("setting maximum pack size to " + packSize + " bytes");
    }
    int index = indexVersion.orElse(format.indexVersion());
    if (index < format.indexVersion()) {
      throw new IllegalArgumentException(
          "the index version is " + format.indexVersion() + " and can only be raised");
    }
    if (index != format.indexVersion()) {
      said.add("setting index format version to " + index);
    }
    EpochParameters changed = format.epochParameters();
    if (!epochs.equals(Epochs.UNCHANGED)) {
      if (!changed.enabled()) {
        throw new IllegalArgumentException(
            "the repository has no epoch manager whose parameters could be set");
      }
      changed = epochs.applyTo(changed, said);
    }
    return format.withParameters(format.version(), packSize, index, changed);
  }

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

    private EpochParameters applyTo(EpochParameters old, List<String> said) {
      EpochParameters changed =
          new EpochParameters(
              old.enabled(),
              refreshFrequency.orElse(old.refreshFrequency()),
              fullCheckpointFrequency.orElse(old.fullCheckpointFrequency()),
              cleanupSafetyMargin.orElse(old.cleanupSafetyMargin()),
              minDuration.orElse(old.minEpochDuration()),
              advanceOnCount.orElse(old.advanceOnCount()),
              advanceOnTotalSizeBytes.orElse(old.advanceOnTotalSizeBytes()),
              deleteParallelism.orElse(old.deleteParallelism()));
      say(said, "minimum epoch duration", old.minEpochDuration(), changed.minEpochDuration());
      say(said, "epoch refresh frequency", old.refreshFrequency(), changed.refreshFrequency());
      say(
          said,
          "epoch cleanup safety margin",
          old.cleanupSafetyMargin(),
          changed.cleanupSafetyMargin());
      say(said, "epoch advance on count", old.advanceOnCount(), changed.advanceOnCount());
      say(
          said,
          "epoch advance on total size (bytes)",
          old.advanceOnTotalSizeBytes(),
          changed.advanceOnTotalSizeBytes());
      say(said, "epoch delete parallelism", old.deleteParallelism(), changed.deleteParallelism());
      say(
          said,
          "epoch range-compaction period",
          old.fullCheckpointFrequency(),
          changed.fullCheckpointFrequency());
      return changed;
    }

    private static void say(List<String> said, String what, Duration before, Duration after) {
      if (!before.equals(after)) {
        said.add("setting " + what + " to " + text(after));
      }
    }

    private static void say(List<String> said, String what, long before, long after) {
      if (before != after) {
        said.add("setting " + what + " to " + after);
      }
    }
  }

  /// A duration for people.
  static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds > 0 && seconds % 3600 == 0) {
      return seconds / 3600 + " h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
