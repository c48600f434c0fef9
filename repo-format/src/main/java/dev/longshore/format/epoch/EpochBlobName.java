package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobId;
import java.util.Optional;

/// What the name of a blob that begins with `x` says.
///
/// | name | meaning | body |
/// |---|---|---|
/// | `xe<epoch>` | the epoch has begun | `epoch-marker`, plain, never read |
/// | `xw<unix seconds>` | tombstones up to this time are dropped | `deletion-watermark`, plain, never read |
/// | `xn<epoch>_<hash>-<session>-c<count>` | index blob of a session | sealed index |
/// | `xs<epoch>_<hash>-<set>-c<count>` | one epoch, compacted | sealed index |
/// | `xr<lo>_<hi>_<hash>-<set>-c<count>` | epochs lo..hi, both included, compacted | sealed index |
///
/// Numbers are decimal. Any other name beginning with `x` is foreign and ignored.
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_utils.go`.
public sealed interface EpochBlobName {
  /// The first letter of all these names: what to list.
  String PREFIX = "x";

  /// Prefix of epoch markers.
  String MARKER_PREFIX = "xe";

  /// Prefix of deletion watermarks.
  String WATERMARK_PREFIX = "xw";

  /// Prefix of session index blobs of all epochs.
  String UNCOMPACTED_PREFIX = "xn";

  /// Prefix of single-epoch compactions.
  String SINGLE_EPOCH_PREFIX = "xs";

  /// Prefix of range checkpoints.
  String RANGE_PREFIX = "xr";

  /// The largest epoch number accepted; an epoch lasts ten minutes at least, so this is 20,000
  /// years.
  int MAX_EPOCH = (1 << 30) - 1;

  /// An epoch has begun.
  record Marker(int epoch) implements EpochBlobName {
    /// The marker's name.
    public BlobId blobId() {
      return new BlobId(MARKER_PREFIX + epoch);
    }
  }

  /// Tombstones up to a time are dropped.
  record Watermark(long unixSeconds) implements EpochBlobName {
    /// The watermark's name.
    public BlobId blobId() {
      return new BlobId(WATERMARK_PREFIX + unixSeconds);
    }
  }

  /// The index blob of a session.
  record Uncompacted(int epoch) implements EpochBlobName {
    /// What the names of all index blobs of the epoch begin with.
    public String namePrefix() {
      return UNCOMPACTED_PREFIX + epoch + "_";
    }
  }

  /// A compaction of one epoch.
  record SingleEpoch(int epoch) implements EpochBlobName {
    /// What the names of all compactions of the epoch begin with.
    public String namePrefix() {
      return SINGLE_EPOCH_PREFIX + epoch + "_";
    }
  }

  /// A checkpoint of the epochs `low..high`.
  record Range(int low, int high) implements EpochBlobName {
    /// What the names of all checkpoints of this range begin with.
    public String namePrefix() {
      return RANGE_PREFIX + low + "_" + high + "_";
    }
  }

  /// Reads a name; empty if it is none of these.
  static Optional<EpochBlobName> parse(BlobId id) {
    throw new UnsupportedOperationException("not yet");
  }
}
