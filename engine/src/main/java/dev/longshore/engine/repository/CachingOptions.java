package dev.longshore.engine.repository;

import dev.longshore.engine.cache.CacheLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How much of a repository may be kept on the local disk.
///
/// @param directory absolute; empty for no cache
/// @param maxCacheSizeBytes data contents, soft limit; 0 for no cache of them
/// @param contentLimitBytes data contents, hard limit; 0 for none
/// @param maxMetadataCacheSizeBytes metadata contents and index blobs, soft limit; 0 for no cache
/// @param metadataLimitBytes metadata, hard limit; 0 for none
/// @param maxListCacheDuration how long a listing of blobs serves
/// @param minMetadataSweepAge age before which metadata are not thrown out; zero for the default
/// @param minContentSweepAge likewise, data contents
/// @param minIndexSweepAge likewise, index blobs
public record CachingOptions(
    Optional<Path> directory,
    long maxCacheSizeBytes,
    long contentLimitBytes,
    long maxMetadataCacheSizeBytes,
    long metadataLimitBytes,
    Duration maxListCacheDuration,
    Duration minMetadataSweepAge,
    Duration minContentSweepAge,
    Duration minIndexSweepAge) {
  /// No cache: `{}`.
  public static final CachingOptions OFF =
      new CachingOptions(
          Optional.empty(), 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /// The limits of data contents.
  public CacheLimits contentLimits() {
    Duration age = orElse(minContentSweepAge, CacheLimits.CONTENT_AGE);
    return new CacheLimits(maxCacheSizeBytes, contentLimitBytes, age, age);
  }

  /// The limits of metadata and index blobs.
  public CacheLimits metadataLimits() {
    return new CacheLimits(
        maxMetadataCacheSizeBytes,
        metadataLimitBytes,
        orElse(minMetadataSweepAge, CacheLimits.METADATA_AGE),
        orElse(minIndexSweepAge, CacheLimits.INDEX_AGE));
  }

  private static Duration orElse(Duration age, Duration other) {
    return age.isZero() ? other : age;
  }

  /// These options as Kopia bears them: a directory without a size of data contents makes it fail,
  /// so that without the size nothing is cached.
  public CachingOptions forKopia() {
    return maxCacheSizeBytes <= 0 ? OFF : this;
  }

  /// Kopia's default sizes (5,000 MiB each, lists for 30 s) in a directory.
  public static CachingOptions in(Path directory) {
    long size = 5000L << 20;
    return new CachingOptions(
        Optional.of(directory),
        size,
        0,
        size,
        0,
        Duration.ofSeconds(30),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }
}
