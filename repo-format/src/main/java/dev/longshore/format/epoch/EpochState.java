package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /// How many epochs before and after which an epoch still gets index blobs: clients may be one
  /// epoch behind.
  private static final int UNSETTLED_EPOCHS = 2;

  private final int writeEpoch;
  private final @Nullable Instant watermark;
  private final NavigableMap<Integer, List<BlobMetadata>> uncompacted;
  private final Map<Integer, List<BlobMetadata>> singleEpochs;
  private final List<RangeCheckpoint> chain;
  private final List<BlobMetadata> markers;
  private final List<BlobMetadata> watermarks;

  private EpochState(EpochListing listing) {
    this.writeEpoch = listing.writeEpoch;
    this.watermark = listing.watermark < 0 ? null : Instant.ofEpochSecond(listing.watermark);
    this.uncompacted = Collections.unmodifiableNavigableMap(listing.uncompacted);
    this.markers = List.copyOf(listing.markers);
    this.watermarks = List.copyOf(listing.watermarks);
    Map<Integer, List<BlobMetadata>> singles = new TreeMap<>();
    listing.singleEpochs.forEach((epoch, blobs) -> {
      List<BlobMetadata> set = BlobSets.firstComplete(blobs);
      if (!set.isEmpty()) {
        singles.put(epoch, List.copyOf(set));
      }
    });
    this.singleEpochs = Collections.unmodifiableMap(singles);
    this.chain = RangeChain.of(listing.ranges, writeEpoch + 1);
  }

  /// Computes the state.
  ///
  /// The listing may come from one list of `x` or from several. Where a store's lists are not
  /// atomic, list `xe`, `xw`, `xs` and `xr` before `xn`, as kopia does. Order matters where two
  /// compactions of one epoch exist: the first complete one is used. Foreign names are ignored.
  public static EpochState of(Iterable<BlobMetadata> listing) {
    EpochListing sorted = new EpochListing();
    listing.forEach(sorted::add);
    return new EpochState(sorted);
  }

  /// The epoch that new index blobs are written to; 0 in a new repository.
  public int writeEpoch() {
    return writeEpoch;
  }

  /// The newest deletion watermark, if there is one.
  public Optional<Instant> deletionWatermark() {
    return Optional.ofNullable(watermark);
  }

  /// Tells whether the entry, winner of the merge, is a tombstone under the watermark and thus
  /// absent.
  public boolean isDropped(IndexEntry entry) {
    return entry.deleted()
        && watermark != null
        && entry.timestampSeconds() <= watermark.getEpochSecond();
  }

  /// Tells whether the epoch gets no more index blobs: it is two or more before the write epoch.
  public boolean isSettled(int epoch) {
    return epoch <= lastSettledEpoch();
  }

  /// The last settled epoch; negative if there is none.
  int lastSettledEpoch() {
    return writeEpoch - UNSETTLED_EPOCHS;
  }

  /// The first epoch that no range checkpoint covers.
  int firstEpochAfterRanges() {
    return chain.isEmpty() ? 0 : chain.getLast().high() + 1;
  }

  /// The index blobs that together are the repository's index. One epoch after the write epoch is
  /// read too: another client may have advanced meanwhile.
  public List<BlobMetadata> activeIndexBlobs() {
    List<BlobMetadata> active = new ArrayList<>();
    chain.forEach(range -> active.addAll(range.blobs()));
    addEpochs(firstEpochAfterRanges(), writeEpoch + 1, active);
    return active;
  }

  /// The index blobs that together are the index of the epochs `low..high`, none of them in a range
  /// checkpoint: what the next checkpoint is made of.
  public List<BlobMetadata> indexBlobsOf(int low, int high) {
    List<BlobMetadata> active = new ArrayList<>();
    addEpochs(low, high, active);
    return active;
  }

  /// Walks over the epochs that have blobs only: a hostile marker can make the number of epochs
  /// huge.
  private void addEpochs(int low, int high, List<BlobMetadata> target) {
    TreeMap<Integer, List<BlobMetadata>> used = new TreeMap<>();
    uncompacted.forEach((epoch, blobs) -> used.put(epoch, blobs));
    singleEpochs.forEach((epoch, blobs) -> {
      if (isSettled(epoch)) {
        used.put(epoch, blobs);
      }
    });
    if (low <= high) {
      used.subMap(low, true, high, true).values().forEach(target::addAll);
    }
  }

  /// The chain of range checkpoints in force, from epoch 0 on without gaps.
  public List<RangeCheckpoint> rangeCheckpoints() {
    return chain;
  }

  /// The complete compaction of each epoch that has one, settled or not.
  public Map<Integer, List<BlobMetadata>> singleEpochCompactions() {
    return singleEpochs;
  }

  /// All listed session index blobs by epoch.
  public NavigableMap<Integer, List<BlobMetadata>> uncompacted() {
    return uncompacted;
  }

  /// All listed epoch markers.
  public List<BlobMetadata> markers() {
    return markers;
  }

  /// All listed deletion watermarks.
  public List<BlobMetadata> watermarks() {
    return watermarks;
  }
}
