package dev.longshore.engine.repository;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How much of a repository may be kept on the local disk.
///
/// @param directory absolute; empty for no cache
/// @param maxCacheSizeBytes data contents, soft limit
/// @param contentLimitBytes data contents, hard limit; 0 for none
/// @param maxMetadataCacheSizeBytes metadata contents and index blobs, soft limit
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
