package dev.longshore.engine.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;

/// Arrays that are used again and again, so that chunks of megabytes do not end as garbage.
///
/// There are as many as were lent at once; each is about as long as the longest request it served.
/// What is given back beyond the bound is left to the collector. Arrays are not cleared.
/// Thread-safe.
public final class BufferPool {
  /// Smaller ones are not worth keeping.
  private static final int MIN_KEPT_BYTES = 64 << 10;

  private final long maxKeptBytes;
  private final Deque<byte[]> free = new ArrayDeque<>();
  private long keptBytes;

  /// @param maxKeptBytes bytes kept for later, at most
  public BufferPool(long maxKeptBytes) {
    this.maxKeptBytes = maxKeptBytes;
  }

  /// Lends an array of at least `bytes`, with anything in it.
  public Lease lease(int bytes) {
    if (bytes < MIN_KEPT_BYTES) {
      return new Lease(new byte[bytes]);
    }
    byte[] array;
    synchronized (this) {
      array = free.poll();
      keptBytes -= array == null ? 0 : array.length;
    }
    if (array == null || array.length < bytes) {
      // The shorter one is let go: the next request would find it too short as well.
      array = new byte[(int) Math.min(Integer.MAX_VALUE - 16, bytes + bytes / 8L)];
    }
    return new Lease(array);
  }

  /// Bytes kept at the moment.
  public synchronized long keptBytes() {
    return keptBytes;
  }

  private synchronized void giveBack(byte[] array) {
    if (array.length >= MIN_KEPT_BYTES && keptBytes + array.length <= maxKeptBytes) {
      free.push(array);
      keptBytes += array.length;
    }
  }

  /// An array on loan; closing gives it back, after which it must not be touched. One thread at a
  /// time.
  public final class Lease implements AutoCloseable {
    private final byte[] array;
    private boolean closed;

    private Lease(byte[] array) {
      this.array = array;
    }

    /// The array; it may be longer than asked for.
    public byte[] array() {
      return array;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(array);
      }
    }
  }
}
