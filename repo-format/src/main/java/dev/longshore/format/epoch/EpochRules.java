package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.EpochParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What maintenance should do with the epochs: decisions only, from a state and the parameters.
///
/// Only the blobs' own timestamps count, never a local clock: an idle epoch does not advance.
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_advance.go`, `epoch_manager.go`.
public final class EpochRules {
  private EpochRules() {}

  /// Epochs `low..high`, both included.
  public record EpochRange(int low, int high) {}

  /// Tells whether the write epoch should end: the marker of the next one is to be written.
  public static boolean shouldAdvance(EpochState state, EpochParameters parameters) {
    List<BlobMetadata> blobs = state.uncompacted().getOrDefault(state.writeEpoch(), List.of());
    if (blobs.isEmpty() || state.writeEpoch() >= EpochBlobName.MAX_EPOCH) {
      return false;
    }
    Instant oldest = Instant.MAX;
    Instant newest = Instant.MIN;
    long totalBytes = 0;
    for (BlobMetadata blob : blobs) {
      oldest = blob.timestamp().isBefore(oldest) ? blob.timestamp() : oldest;
      newest = blob.timestamp().isAfter(newest) ? blob.timestamp() : newest;
      totalBytes += blob.lengthBytes();
    }
    return Duration.between(oldest, newest).compareTo(parameters.minEpochDuration()) >= 0
        && (blobs.size() >= parameters.advanceOnCount()
            || totalBytes >= parameters.advanceOnTotalSizeBytes());
  }

  /// The epoch to compact next: the oldest one that is neither in a range checkpoint nor compacted.
  /// Empty if that one is not settled, or has no index blobs.
  public static OptionalInt nextSingleCompaction(EpochState state) {
    int epoch = state.firstEpochAfterRanges();
    while (state.singleEpochCompactions().containsKey(epoch)) {
      epoch++;
    }
    return state.isSettled(epoch) && state.uncompacted().containsKey(epoch)
        ? OptionalInt.of(epoch)
        : OptionalInt.empty();
  }

  /// The range checkpoint that is due.
  public static Optional<EpochRange> dueRangeCheckpoint(
      EpochState state, EpochParameters parameters) {
    int first = state.firstEpochAfterRanges();
    int last = state.lastSettledEpoch();
    // A range of one epoch is never read, see EpochState.
    return last > first && last - first >= parameters.fullCheckpointFrequency()
        ? Optional.of(new EpochRange(first, last))
        : Optional.empty();
  }

  /// Session index blobs that may be deleted: their epoch was compacted long enough ago.
  public static List<BlobMetadata> supersededIndexBlobs(
      EpochState state, EpochParameters parameters) {
    List<BlobMetadata> superseded = new ArrayList<>();
    Instant cutoff = replacementCutoff(state, parameters);
    state
        .uncompacted()
        .forEach((epoch, blobs) -> {
          List<BlobMetadata> compaction =
              state.singleEpochCompactions().getOrDefault(epoch, List.of());
          if (!compaction.isEmpty() && allBefore(compaction, cutoff)) {
            superseded.addAll(blobs);
          }
        });
    return superseded;
  }

  /// Epoch markers and watermarks that may be deleted.
  public static List<BlobMetadata> staleMarkers(EpochState state, EpochParameters parameters) {
    Instant cutoff = replacementCutoff(state, parameters);
    List<BlobMetadata> stale = new ArrayList<>();
    if (cutoff.equals(Instant.MIN)) {
      return stale;
    }
    for (BlobMetadata blob : state.markers()) {
      if (EpochBlobName.parse(blob.id()).orElse(null) instanceof EpochBlobName.Marker(int epoch)
          && epoch < state.writeEpoch() - 1) {
        stale.add(blob);
      }
    }
    long current = state.deletionWatermark().map(Instant::getEpochSecond).orElse(-1L);
    for (BlobMetadata blob : state.watermarks()) {
      if (EpochBlobName.parse(blob.id()).orElse(null)
              instanceof EpochBlobName.Watermark(long seconds)
          && seconds != current
          && blob.timestamp().isBefore(cutoff)) {
        stale.add(blob);
      }
    }
    return stale;
  }

  /// What was written before this time was seen by every client: the newest timestamp among recent
  /// session index blobs is taken for the store's clock. [Instant#MIN] if there are none.
  public static Instant replacementCutoff(EpochState state, EpochParameters parameters) {
    return state
        .uncompacted()
        .subMap(state.writeEpoch() - 1, true, state.writeEpoch() + 1, true)
        .values()
        .stream()
        .flatMap(List::stream)
        .map(BlobMetadata::timestamp)
        .max(Comparator.naturalOrder())
        .map(newest -> newest.minus(parameters.cleanupSafetyMargin()))
        .orElse(Instant.MIN);
  }

  private static boolean allBefore(List<BlobMetadata> blobs, Instant time) {
    return blobs.stream().allMatch(blob -> blob.timestamp().isBefore(time));
  }
}
