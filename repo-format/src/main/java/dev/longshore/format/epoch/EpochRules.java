package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.EpochParameters;
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
    throw new UnsupportedOperationException("not yet");
  }

  /// The epoch to compact next: the oldest settled one that is neither in a range checkpoint nor
  /// compacted. Empty if there is none, or it has no index blobs.
  public static OptionalInt nextSingleCompaction(EpochState state) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The range checkpoint that is due.
  public static Optional<EpochRange> dueRangeCheckpoint(
      EpochState state, EpochParameters parameters) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Session index blobs that may be deleted: their epoch was compacted long enough ago.
  public static List<BlobMetadata> supersededIndexBlobs(
      EpochState state, EpochParameters parameters) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Epoch markers and watermarks that may be deleted.
  public static List<BlobMetadata> staleMarkers(EpochState state, EpochParameters parameters) {
    throw new UnsupportedOperationException("not yet");
  }
}
