package dev.longshore.engine.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Arrays that are used again and again, so that chunks of megabytes do not end as garbage.
///
/// Sizes are powers of two; small arrays are not worth keeping. What is given back beyond the bound
/// is left to the collector. Arrays are not cleared. Thread-safe.
public final class BufferPool {
  private static final int MIN_BITS = 16;
  private static final int MAX_BITS = 28;

  private final long maxKeptBytes;
  private final AtomicLong keptBytes = new AtomicLong();
  private final Queue<byte[]>[] free = newQueues();

  /// @param maxKeptBytes bytes kept for later, at most
  public BufferPool(long maxKeptBytes) {
    this.maxKeptBytes = maxKeptBytes;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
  private static Queue<byte[]>[] newQueues() {
    Queue<byte[]>[] queues = new Queue[MAX_BITS + 1];
    for (int bits = MIN_BITS; bits <= MAX_BITS; bits++) {
      queues[bits] = new ConcurrentLinkedQueue<>();
    }
    return queues;
  }

  /// Lends an array of at least `bytes`, with anything in it.
  public Lease lease(int bytes) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, bytes) - 1);
    if (bits < MIN_BITS || bits > MAX_BITS) {
      return new Lease(new byte[bytes], 0);
    }
    byte[] array = free[bits].poll();
    if (array == null) {
      return new Lease(new byte[1 << bits], bits);
    }
    keptBytes.addAndGet(-array.length);
    return new Lease(array, bits);
  }

  /// Bytes kept at the moment.
  public long keptBytes() {
    return keptBytes.get();
  }

  /// An array on loan; closing gives it back, after which it must not be touched. One thread at a
  /// time.
  public final class Lease implements AutoCloseable {
    private final byte[] array;
    private int bits;

    private Lease(byte[] array, int bits) {
      this.array = array;
      this.bits = bits;
    }

    /// The array; it may be longer than asked for.
    public byte[] array() {
      return array;
    }

    @Override
    public void close() {
      if (bits != 0 && keptBytes.addAndGet(array.length) <= maxKeptBytes) {
        free[bits].add(array);
      } else if (bits != 0) {
        keptBytes.addAndGet(-array.length);
      }
      bits = 0;
    }
  }
}
