package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /// The largest watermark accepted: the last second of the year 9999.
  long MAX_WATERMARK = 253402300799L;

  /// The body of an epoch marker.
  String MARKER_BODY = "epoch-marker";

  /// The body of a deletion watermark.
  String WATERMARK_BODY = "deletion-watermark";

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
    String name = id.value();
    if (!name.startsWith(PREFIX) || name.length() < 3) {
      return Optional.empty();
    }
    String rest = name.substring(2);
    EpochBlobName parsed =
        switch (name.charAt(1)) {
          case 'e' -> marker(rest);
          case 'w' -> watermark(rest);
          case 'n' -> uncompacted(rest);
          case 's' -> singleEpoch(rest);
          case 'r' -> range(rest);
          default -> null;
        };
    return Optional.ofNullable(parsed);
  }

  private static @Nullable Marker marker(String rest) {
    int end = rest.indexOf('_');
    int epoch = epoch(rest, 0, end < 0 ? rest.length() : end);
    return epoch < 0 ? null : new Marker(epoch);
  }

  private static @Nullable Watermark watermark(String rest) {
    long seconds = number(rest, 0, rest.length(), MAX_WATERMARK);
    return seconds < 0 ? null : new Watermark(seconds);
  }

  /// Readers list these by `xn<epoch>_`, so a number with leading zeros names no epoch.
  private static @Nullable Uncompacted uncompacted(String rest) {
    int end = rest.indexOf('_');
    int epoch = epoch(rest, 0, end);
    boolean padded = end > 1 && rest.charAt(0) == '0';
    return epoch < 0 || padded ? null : new Uncompacted(epoch);
  }

  private static @Nullable SingleEpoch singleEpoch(String rest) {
    int epoch = epoch(rest, 0, rest.indexOf('_'));
    return epoch < 0 ? null : new SingleEpoch(epoch);
  }

  private static @Nullable Range range(String rest) {
    int middle = rest.indexOf('_');
    int low = epoch(rest, 0, middle);
    int high = epoch(rest, middle + 1, rest.indexOf('_', middle + 1));
    return low < 0 || high < low ? null : new Range(low, high);
  }

  private static int epoch(String text, int start, int end) {
    return (int) number(text, start, end, MAX_EPOCH);
  }

  /// The decimal number in `start..end`, or -1 if there is none or it is above `max`.
  private static long number(String text, int start, int end, long max) {
    if (end <= start) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
      if (value > max) {
        return -1;
      }
    }
    return value;
  }
}
