package dev.longshore.engine.block.device;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes ranges of a device read as zeros, and believes no call that says it did.
///
/// Before a call of the system's is used on a device, it has to remove a pattern that was written
/// for it into the range; whoever only says yes fails there. After each call some sectors are read
/// back. From its first failure on, the next call is tried, and zeros are written in the end.
/// Thread-safe.
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
  // Not tried yet; guarded by this.
  private final Deque<Zeroing> untried;
  private volatile @Nullable Zeroing proven;
  private volatile boolean useless;

  /// @param fd of the device, open for writing
  /// @param ways calls that may do it, the best first
  ZeroRanges(BlockDevice device, int fd, List<Zeroing> ways) {
    this.device = device;
    this.fd = fd;
    this.untried = new ArrayDeque<>(ways);
  }

  /// @param length within the device, as is `offset`
  void zero(long offset, long length) throws IOException {
    long end = offset + length;
    long from = Math.min(end, (offset + UNIT - 1) & -UNIT);
    long to = Math.max(from, end & -UNIT);
    if (useless || to - from < MIN_CALL) {
      write(offset, end);
      return;
    }
    write(offset, from);
    for (long at = from; at < to; ) {
      checkInterrupt();
      long next = Math.min(to, at + MAX_CALL);
      Zeroing way = provenAt(at);
      if (way == null) {
        write(at, next);
      } else if (!call(way, at, next - at) || !isZeroAt(at, next)) {
        giveUp(way);
        continue;
      }
      at = next;
    }
    write(to, end);
  }

  /// A call that does what it says, shown by a unit that is to be zero; null if there is none.
  private @Nullable Zeroing provenAt(long at) throws IOException {
    Zeroing known = proven;
    return known != null || useless ? known : prove(at);
  }

  private synchronized @Nullable Zeroing prove(long at) throws IOException {
    ByteBuffer unit = BlockDevice.buffer(UNIT);
    while (proven == null && !useless) {
      Zeroing way = untried.poll();
      if (way == null) {
        useless = true;
        break;
      }
      unit.clear();
      while (unit.hasRemaining()) {
        unit.put(PATTERN);
      }
      device.write(unit.flip(), at);
      device.flush();
      if (call(way, at, UNIT) && isZero(unit, at)) {
        proven = way;
      }
    }
    return proven;
  }

  private synchronized void giveUp(Zeroing way) {
    if (way.equals(proven)) {
      proven = null;
    }
  }

  private boolean call(Zeroing way, long offset, long length) throws IOException {
    try {
      way.zero(fd, offset, length);
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
