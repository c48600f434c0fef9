package dev.longshore.engine.snapshot;

import dev.longshore.format.snapshot.SnapshotStats;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What an upload has done so far, in Kopia's terms; see [SnapshotStats]. Thread-safe.
final class UploadCounters {
  final LongAdder totalSize = new LongAdder();
  final LongAdder excludedSize = new LongAdder();
  final AtomicInteger files = new AtomicInteger();
  final AtomicInteger cachedFiles = new AtomicInteger();
  final AtomicInteger nonCachedFiles = new AtomicInteger();
  final AtomicInteger directories = new AtomicInteger();
  final AtomicInteger excludedFiles = new AtomicInteger();
  final AtomicInteger excludedDirectories = new AtomicInteger();
  final AtomicInteger ignoredErrors = new AtomicInteger();
  final AtomicInteger errors = new AtomicInteger();
  final LongAdder changedFiles = new LongAdder();

  SnapshotStats stats() {
    return new SnapshotStats(
        totalSize.sum(),
        excludedSize.sum(),
        files.get(),
        cachedFiles.get(),
        nonCachedFiles.get(),
        directories.get(),
        excludedFiles.get(),
        excludedDirectories.get(),
        ignoredErrors.get(),
        errors.get());
  }

  /// Counts an entry that a rule leaves out.
  void exclude(boolean isDirectory, long bytes) {
    if (isDirectory) {
      excludedDirectories.incrementAndGet();
    } else {
      excludedFiles.incrementAndGet();
      excludedSize.add(bytes);
    }
  }
}
