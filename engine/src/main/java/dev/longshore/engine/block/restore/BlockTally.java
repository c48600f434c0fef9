package dev.longshore.engine.block.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts and faults of one restore, gathered from all its threads; also where they learn that it
/// is over.
final class BlockTally {
  final LongAdder written = new LongAdder();
  final LongAdder zeros = new LongAdder();
  final LongAdder unchanged = new LongAdder();

  private final long size;
  private final BlockRestoreListener listener;
  private final List<UnreadableRange> ranges = new ArrayList<>();
  private long rangeCount;
  private volatile boolean stopped;
  private @Nullable IOException failure;

  BlockTally(long size, BlockRestoreListener listener) {
    this.size = size;
    this.listener = listener;
  }

  /// Length of the volume.
  long sizeBytes() {
    return size;
  }

  /// Notes a part that cannot be read.
  void unreadable(UnreadableRange range) {
    synchronized (this) {
      rangeCount++;
      if (ranges.size() < BlockRestoreResult.MAX_RANGES) {
        ranges.add(range);
      }
    }
    listener.unreadable(range);
  }

  /// Ends the restore for a fault of the target.
  synchronized void fail(IOException fault) {
    stopped = true;
    if (failure == null) {
      failure = fault;
    }
  }

  /// Ends the restore early.
  void stop() {
    stopped = true;
  }

  /// Tells whether the restore is to end; asks the listener.
  boolean stopped() {
    if (!stopped && listener.cancelled()) {
      stopped = true;
    }
    return stopped;
  }

  /// Tells the listener how far things are.
  void progress() {
    listener.progress(this::stats);
  }

  private BlockRestoreStats stats() {
    return new BlockRestoreStats(size, written.sum(), zeros.sum(), unchanged.sum());
  }

  /// The fault of the target, if there was one.
  synchronized void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /// The result, when all threads are done.
  synchronized BlockRestoreResult result() {
    BlockRestoreStats stats = stats();
    listener.progress(() -> stats);
    return new BlockRestoreResult(stats, List.copyOf(ranges), rangeCount, !stopped);
  }
}
