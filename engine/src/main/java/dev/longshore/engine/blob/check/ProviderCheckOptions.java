package dev.longshore.engine.blob.check;

import java.time.Duration;

/// How hard a store is tried.
///
/// @param maxClockDrift how far its clock may be from ours
/// @param concurrency how long many workers use it at once
/// @param putters workers that write
/// @param getters workers that read
/// @param lookers workers that ask for lengths
/// @param listers workers that list
/// @param maxBlobBytes the longest blob the workers write
public record ProviderCheckOptions(
    Duration maxClockDrift,
    Duration concurrency,
    int putters,
    int getters,
    int lookers,
    int listers,
    int maxBlobBytes) {
  /// Kopia's, with shorter blobs.
  public static final ProviderCheckOptions DEFAULT =
      new ProviderCheckOptions(
          Duration.ofMinutes(3), Duration.ofSeconds(30), 3, 3, 3, 3, 5_000_000);
}
