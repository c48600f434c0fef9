package dev.longshore.engine.object;

import dev.longshore.engine.concurrent.CpuPool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The arrays that chunks are gathered in, used again and again. Thread-safe.
///
/// There are three sizes: few small ones for small files, which count against the pool's budget
/// while their chunk waits, and large ones for the longest chunk, which count as long as they are
/// out, so that there are never more of them than the budget has room for.
final class ChunkBuffers {
  private static final int SMALL_BYTES = 64 << 10;
  private static final int MIDDLE_BYTES = 1 << 20;
  private static final int KEPT_SMALL = 64;

  /// As many as the budget of the usual pool has room for.
  private static final int KEPT_MIDDLE = 64;

  private final CpuPool pool;
  private final int largeBytes;
  private final Queue<byte[]> small = new ConcurrentLinkedQueue<>();
  private final Queue<byte[]> middle = new ConcurrentLinkedQueue<>();
  private final Queue<byte[]> large = new ConcurrentLinkedQueue<>();

  /// @param largeBytes the longest chunk of the usual splitter
  ChunkBuffers(CpuPool pool, int largeBytes) {
    this.pool = pool;
    this.largeBytes = largeBytes;
  }

  /// A buffer without an array.
  ChunkBuffer none() {
    return new ChunkBuffer(this);
  }

  CpuPool pool() {
    return pool;
  }

  /// The size of array for so many bytes.
  ///
  /// @param most a longer chunk will not come
  int sizeFor(int bytes, int most) {
    if (bytes <= SMALL_BYTES) {
      return SMALL_BYTES;
    }
    if (bytes <= MIDDLE_BYTES) {
      return MIDDLE_BYTES;
    }
    return Math.max(bytes, most);
  }

  static boolean isLarge(int size) {
    return size > MIDDLE_BYTES;
  }

  byte[] take(int size) {
    byte[] array =
        switch (size) {
          case SMALL_BYTES -> small.poll();
          case MIDDLE_BYTES -> middle.poll();
          default -> size == largeBytes ? large.poll() : null;
        };
    return array == null ? new byte[size] : array;
  }

  void give(byte[] array) {
    if (array.length == SMALL_BYTES && small.size() < KEPT_SMALL) {
      small.add(array);
    } else if (array.length == MIDDLE_BYTES && middle.size() < KEPT_MIDDLE) {
      middle.add(array);
    } else if (array.length == largeBytes) {
      large.add(array);
    }
  }
}
