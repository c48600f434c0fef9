package dev.longshore.engine.cache;

import java.time.Duration;

/// How large a cache may grow, and what in it is too young to be thrown out.
///
/// Bytes are those that files take, in whole blocks of 4 KiB and with their folders, so that no
/// file system needs more for them.
///
/// @param softBytes beyond this, what was not used for the least age is thrown out; 0 for no cache
/// @param hardBytes never more than this, whatever was used lately; 0 for no other limit than the
///   soft one, beyond which nothing is kept unless something is old enough to make room
/// @param minAge time since the last use before an entry may be thrown out
/// @param minIndexAge likewise, index blobs
public record CacheLimits(long softBytes, long hardBytes, Duration minAge, Duration minIndexAge) {
  /// Kopia's least age of data contents.
  public static final Duration CONTENT_AGE = Duration.ofMinutes(10);

  /// Kopia's least age of metadata.
  public static final Duration METADATA_AGE = Duration.ofHours(24);

  /// Kopia's least age of index blobs.
  public static final Duration INDEX_AGE = Duration.ofHours(1);

  /// Tells whether nothing is to be kept.
  public boolean isOff() {
    return softBytes <= 0;
  }

  /// What is never exceeded.
  long capBytes() {
    return hardBytes > 0 ? hardBytes : softBytes;
  }

  /// Where throwing out begins.
  long startBytes() {
    return Math.min(softBytes, capBytes());
  }

  /// The least age of the entries of a blob.
  Duration minAgeOf(String blob) {
    return blob.startsWith("p") || blob.startsWith("q") ? minAge : minIndexAge;
  }
}
