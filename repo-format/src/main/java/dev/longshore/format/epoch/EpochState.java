package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/// What the listed `x` blobs say: the write epoch, the compactions in force and the index blobs to
/// read. Immutable.
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_manager.go`.
public final class EpochState {
  /// A complete range checkpoint.
  ///
  /// @param low first epoch covered
  /// @param high last epoch covered
  public record RangeCheckpoint(int low, int high, List<BlobMetadata> blobs) {}

  private EpochState() {}

  /// Computes the state.
  ///
  /// The listing may come from one list of `x` or from several. Where a store's lists are not
  /// atomic, list `xe`, `xw`, `xs` and `xr` before `xn`: a cleanup that runs in between then shows
  /// its compaction. Order matters where two compactions of one epoch exist: the first complete one
  /// is used.
  public static EpochState of(Collection<BlobMetadata> listing) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The epoch that new index blobs are written to; 0 in a new repository.
  public int writeEpoch() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The newest deletion watermark, if there is one.
  public Optional<Instant> deletionWatermark() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Tells whether the entry, winner of the merge, is a tombstone under the watermark and thus
  /// absent.
  public boolean isDropped(IndexEntry entry) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Tells whether the epoch gets no more index blobs: it is two or more before the write epoch.
  public boolean isSettled(int epoch) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The index blobs that together are the repository's index.
  public List<BlobMetadata> activeIndexBlobs() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The index blobs that together are the index of the epochs `low..high`, for a range checkpoint.
  public List<BlobMetadata> activeIndexBlobs(int low, int high) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The chain of range checkpoints in force, from epoch 0 on without gaps.
  public List<RangeCheckpoint> rangeCheckpoints() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The complete compaction in force of each epoch that has one.
  public Map<Integer, List<BlobMetadata>> singleEpochCompactions() {
    throw new UnsupportedOperationException("not yet");
  }

  /// All listed session index blobs by epoch.
  public NavigableMap<Integer, List<BlobMetadata>> uncompacted() {
    throw new UnsupportedOperationException("not yet");
  }

  /// All listed epoch markers.
  public List<BlobMetadata> markers() {
    throw new UnsupportedOperationException("not yet");
  }

  /// All listed deletion watermarks.
  public List<BlobMetadata> watermarks() {
    throw new UnsupportedOperationException("not yet");
  }
}
