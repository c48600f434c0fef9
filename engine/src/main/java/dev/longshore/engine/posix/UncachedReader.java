package dev.longshore.engine.posix;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Reads a file from the page cache where that holds it, and past the cache where not.
///
/// Reading much data once through the cache pushes out what others use, and giving each page a new
/// place in memory costs more than all that is done with it here. Where the system or the file
/// system cannot do this, it reads as anybody does. One thread at a time.
public final class UncachedReader implements AutoCloseable {
  private static final int NONE = -1;

  private final int fd;
  private int direct = NONE;
  private boolean plain;

  /// @param fd an open file, which stays the caller's
  public UncachedReader(int fd) {
    this.fd = fd;
  }

  /// Reads into a segment; returns the count, 0 at the end of the file. It may be short anywhere.
  ///
  /// Past the cache only if place and length are multiples of [AlignedBuffers#BLOCK_BYTES] and the
  /// segment is of such a buffer.
  public int read(MemorySegment target, long position) throws OsException {
    if (!plain && isAligned(target.address() | target.byteSize() | position)) {
      try {
        return Posix.preadCached(fd, target, position);
      } catch (OsException e) {
        plain = e.errno() != Errno.EAGAIN;
      }
      if (!plain && isDirect()) {
        try {
          return Posix.pread(direct, target, position);
        } catch (OsException e) {
          // Not this way, or damage, which the next read tells too.
          plain = true;
        }
      }
    }
    return Posix.pread(fd, target, position);
  }

  private static boolean isAligned(long bits) {
    return (bits & (AlignedBuffers.BLOCK_BYTES - 1)) == 0;
  }

  private boolean isDirect() {
    if (direct == NONE) {
      byte[] name = ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
      try {
        direct = Posix.openat(Posix.AT_FDCWD, name, Posix.O_RDONLY | Posix.O_DIRECT, 0);
      } catch (OsException e) {
        plain = true;
      }
    }
    return !plain;
  }

  @Override
  public void close() {
    if (direct != NONE) {
      Posix.close(direct);
      direct = NONE;
    }
  }
}
