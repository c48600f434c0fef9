package dev.longshore.engine.snapshot;

import java.time.ZoneId;
import java.util.random.RandomGenerator;

/// How an upload runs, whatever the source.
///
/// @param zone of the retention policy's weeks and days
/// @param random used by many threads
record UploadSettings(
    UploadOptions options, UploadProgress progress, ZoneId zone, RandomGenerator random) {
  /// The same, with a random generator that threads can share.
  UploadSettings shared() {
    RandomGenerator single = random;
    Object lock = new Object();
    RandomGenerator locked =
        () -> {
          synchronized (lock) {
            return single.nextLong();
          }
        };
    return new UploadSettings(options, progress, zone, locked);
  }
}
