package dev.longshore.engine.concurrent;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Bytes that may be in flight at once, granted in the order of asking.
///
/// Counted in units of 1 KiB, rounded up. A request above the whole budget is granted when nothing
/// else is out, so that one large piece cannot block forever. Thread-safe.
public final class ByteBudget {
  private static final int UNIT = 1024;

  private final int totalUnits;
  private final Semaphore free;

  /// @throws IllegalArgumentException unless positive
  public ByteBudget(long totalBytes) {
    if (totalBytes < 1) {
      throw new IllegalArgumentException("budget of " + totalBytes + " bytes");
    }
    this.totalUnits = units(totalBytes, Integer.MAX_VALUE);
    this.free = new Semaphore(totalUnits, true);
  }

  private static int units(long bytes, int limit) {
    return (int) Math.min((bytes + UNIT - 1) / UNIT, limit);
  }

  /// Waits until the bytes are free and takes them; to be given back with [Lease#close()].
  public Lease acquire(long bytes) throws InterruptedException {
    int wanted = units(bytes, totalUnits);
    free.acquire(wanted);
    return new Lease(wanted);
  }

  /// Bytes out at the moment, in whole units.
  public long usedBytes() {
    return (long) UNIT * (totalUnits - free.availablePermits());
  }

  /// Bytes taken from the budget; closing gives them back, once.
  public final class Lease implements AutoCloseable {
    private final AtomicInteger units;

    private Lease(int units) {
      this.units = new AtomicInteger(units);
    }

    @Override
    public void close() {
      free.release(units.getAndSet(0));
    }
  }
}
