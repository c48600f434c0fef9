package dev.longshore.engine.block.device;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Makes ranges of a device read as zeros, and believes no call that says it did.
///
/// Before the system's call is used on a device, it has to remove a pattern that was written for it
/// into the range; whoever only says yes fails there. After each call some sectors are read back.
/// From the first failure on, zeros are written. Thread-safe.
final class ZeroRanges {
  /// Of one call: the system zeroes in one go, and slow devices need long for it.
  private static final long MAX_CALL = 256L << 20;

  /// Below that, writing is as quick as asking.
  private static final int MIN_CALL = 64 << 10;

  private static final int UNIT = 4096;
  private static final int WRITE_BYTES = 1 << 20;
  private static final byte PATTERN = (byte) 0xa5;

  private final BlockDevice device;
  private final int fd;
  private final Zeroing zeroing;
  // Guarded by this until it is decided.
  private boolean proven;
  private volatile boolean useless;

  /// @param fd of the device, open for writing
  ZeroRanges(BlockDevice device, int fd, Zeroing zeroing) {
    this.device = device;
    this.fd = fd;
    this.zeroing = zeroing;
  }

  /// @param length within the device, as is `offset`
  void zero(long offset, long length) throws IOException {
    long end = offset + length;
    long from = Math.min(end, (offset + UNIT - 1) & -UNIT);
    long to = Math.max(from, end & -UNIT);
    if (useless || to - from < MIN_CALL || !isProven(from)) {
      write(offset, end);
      return;
    }
    write(offset, from);
    for (long at = from; at < to; ) {
      checkInterrupt();
      long next = Math.min(to, at + MAX_CALL);
      if (useless || !call(at, next - at) || !isZeroAt(at, next)) {
        useless = true;
        write(at, next);
      }
      at = next;
    }
    write(to, end);
  }

  /// Tells whether the call does what it says, by the first unit of a range that is to be zero.
  private synchronized boolean isProven(long at) throws IOException {
    if (!proven && !useless) {
      ByteBuffer pattern = BlockDevice.buffer(UNIT);
      while (pattern.hasRemaining()) {
        pattern.put(PATTERN);
      }
      device.write(pattern.flip(), at);
      device.flush();
      proven = call(at, UNIT) && isZero(pattern, at);
      useless = !proven;
    }
    return proven;
  }

  private boolean call(long offset, long length) throws IOException {
    try {
      zeroing.zero(fd, offset, length);
      return true;
    } catch (OsException e) {
      if (e.errno() == Errno.EIO || e.errno() == Errno.ENOSPC) {
        throw new OsException(
            e.call(),
            (device.path() + " at " + offset).getBytes(StandardCharsets.UTF_8),
            e.errno());
      }
      return false;
    }
  }

  private boolean isZeroAt(long from, long to) throws IOException {
    ByteBuffer unit = BlockDevice.buffer(UNIT);
    long middle = (from + (to - from) / 2) & -UNIT;
    return isZero(unit, from) && isZero(unit, middle) && isZero(unit, to - UNIT);
  }

  private boolean isZero(ByteBuffer unit, long at) throws IOException {
    device.read(unit.clear(), at);
    unit.flip();
    while (unit.hasRemaining()) {
      if (unit.getLong() != 0) {
        return false;
      }
    }
    return true;
  }

  private void write(long from, long to) throws IOException {
    if (from == to) {
      return;
    }
    ByteBuffer zeros = BlockDevice.buffer((int) Math.min(WRITE_BYTES, to - from));
    for (long at = from; at < to; ) {
      checkInterrupt();
      int n = (int) Math.min(zeros.capacity(), to - at);
      device.write(zeros.clear().limit(n), at);
      at += n;
    }
  }

  private void checkInterrupt() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException(device.path() + ": interrupted while zeroing");
    }
  }
}
