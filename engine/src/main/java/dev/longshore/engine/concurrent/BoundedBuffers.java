package dev.longshore.engine.concurrent;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Arrays on loan that together never have more bytes than a budget, lent or kept for later.
///
/// Memory does not grow with the work, and in a steady state nothing is allocated: arrays come in
/// few sizes and are used again. A request above the budget is granted when nothing else is lent,
/// and its array is not kept. Granted in the order of asking. Arrays are not cleared. Thread-safe.
public final class BoundedBuffers {
  private static final int MIN_BYTES = 64 << 10;

  private final long budgetBytes;
  private final int usualBytes;
  private final ByteBudget budget;

  /// Free arrays, the last used at the end.
  private final List<byte[]> kept = new ArrayList<>();

  private long keptBytes;
  private long lentBytes;
  private long mostBytes;

  /// @param budgetBytes the sum of all arrays' lengths, at most
  /// @param usualBytes the largest usual request
  /// @throws IllegalArgumentException unless positive
  public BoundedBuffers(long budgetBytes, int usualBytes) {
    if (usualBytes < 1) {
      throw new IllegalArgumentException("usual size " + usualBytes);
    }
    this.budget = new ByteBudget(budgetBytes);
    this.budgetBytes = budgetBytes;
    this.usualBytes = (int) Math.min(budgetBytes, usualBytes);
  }

  /// The largest request that gets an array which is kept.
  public int usualBytes() {
    return usualBytes;
  }

  /// Waits until the bytes are free, and lends an array of at least so many, with anything in it.
  ///
  /// A thread that has an array must not wait for another.
  ///
  /// @throws OutOfMemoryError if it is larger than the budget, and than the heap allows
  public Lease lease(int bytes) throws InterruptedException {
    int size = sizeFor(bytes);
    ByteBudget.Lease room = budget.acquire(size);
    byte[] array = takeKept(size);
    if (array != null) {
      return new Lease(array, room);
    }
    try {
      return new Lease(new byte[size], room);
    } catch (OutOfMemoryError e) {
      synchronized (this) {
        lentBytes -= size;
      }
      room.close();
      throw e;
    }
  }

  /// The usual size, or a power of two far below it: sizes close to each other would keep driving
  /// each other out of the budget.
  private int sizeFor(int bytes) {
    if (bytes > usualBytes) {
      return bytes;
    }
    int power = Integer.highestOneBit(Math.max(MIN_BYTES, bytes) - 1) << 1;
    return power > usualBytes / 4 ? usualBytes : power;
  }

  /// Counts an array as lent: a kept one, or, with room made for it, one that is still to be made.
  private synchronized byte @Nullable [] takeKept(int size) {
    lentBytes += size;
    for (int i = kept.size() - 1; i >= 0; i--) {
      if (kept.get(i).length == size) {
        keptBytes -= size;
        return kept.remove(i);
      }
    }
    Iterator<byte[]> oldest = kept.iterator();
    while (lentBytes + keptBytes > budgetBytes && oldest.hasNext()) {
      keptBytes -= oldest.next().length;
      oldest.remove();
    }
    mostBytes = Math.max(mostBytes, lentBytes + keptBytes);
    return null;
  }

  private synchronized void giveBack(byte[] array) {
    lentBytes -= array.length;
    if (array.length <= usualBytes) {
      keptBytes += array.length;
      kept.add(array);
    }
  }

  /// Bytes of all arrays at the moment, lent or kept.
  public synchronized long heldBytes() {
    return lentBytes + keptBytes;
  }

  /// The most bytes that all arrays ever had at once.
  public synchronized long mostBytes() {
    return mostBytes;
  }

  /// An array on loan; closing gives it back, once, after which it must not be touched. One thread
  /// at a time.
  public final class Lease implements AutoCloseable {
    private byte[] array;
    private final ByteBudget.Lease room;

    private Lease(byte[] array, ByteBudget.Lease room) {
      this.array = array;
      this.room = room;
    }

    /// The array; it may be longer than asked for.
    public byte[] array() {
      return array;
    }

    @Override
    public void close() {
      if (array.length > 0) {
        giveBack(array);
        array = new byte[0];
        room.close();
      }
    }
  }
}
