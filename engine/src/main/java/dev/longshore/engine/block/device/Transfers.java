package dev.longshore.engine.block.device;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads and writes of an open file or device, past the page cache where buffer, place and length
/// allow it, and through it where not. Thread-safe, but for [#close].
final class Transfers implements AutoCloseable {
  /// What addresses of buffers, places and lengths are multiples of where the cache is passed by.
  private static final int ALIGNMENT = 4096;

  /// A page of the cache at most: what is written past it must not share a page with what another
  /// thread writes through it, or the one would undo the other.
  private static final int PAGE =
      System.getProperty("os.arch", "").equals("aarch64") ? 64 << 10 : 4096;

  private static final int NONE = -1;

  private final int plain;
  private final int direct;
  private volatile boolean directRefused;

  /// @param plain descriptor of the file, which stays the caller's
  Transfers(int plain, Access access) {
    this.plain = plain;
    this.direct = openDirect(plain, access);
  }

  /// The same file by another descriptor, which is not the holder but goes by what that one holds.
  private static int openDirect(int fd, Access access) {
    int flags = access == Access.READ ? Posix.O_RDONLY : Posix.O_RDWR;
    byte[] name = ("/proc/self/fd/" + fd).getBytes(StandardCharsets.UTF_8);
    try {
      return Posix.openat(Posix.AT_FDCWD, name, flags | Posix.O_DIRECT, 0);
    } catch (OsException e) {
      return NONE;
    }
  }

  /// See [BlockDevice#buffer].
  static ByteBuffer buffer(int bytes) {
    ByteBuffer memory = ByteBuffer.allocateDirect(bytes + ALIGNMENT);
    return memory.slice(ALIGNMENT - memory.alignmentOffset(0, ALIGNMENT), bytes);
  }

  /// See [BlockDevice#nextBoundary].
  static long nextBoundary(long position) {
    return (position + PAGE - 1) & -PAGE;
  }

  /// Reads or writes some of what remains of a direct buffer, whose position stays.
  ///
  /// @return how many bytes; 0 at the end
  int some(ByteBuffer buffer, long position, boolean write) throws OsException {
    MemorySegment memory = MemorySegment.ofBuffer(buffer);
    long aligned = alignedLength(memory, position, write ? PAGE : ALIGNMENT);
    if (aligned > 0) {
      try {
        return call(direct, memory.asSlice(0, aligned), position, write);
      } catch (OsException e) {
        if (e.errno() != Errno.EINVAL) {
          throw e;
        }
        // The file system takes the flag, but not every such call.
        directRefused = true;
      }
    }
    return call(plain, memory, position, write);
  }

  /// How many bytes from the start can go past the cache.
  private long alignedLength(MemorySegment memory, long position, int unit) {
    boolean aligned = (memory.address() & (ALIGNMENT - 1)) == 0 && (position & (unit - 1)) == 0;
    return aligned && direct != NONE && !directRefused ? memory.byteSize() & -unit : 0;
  }

  private static int call(int fd, MemorySegment memory, long position, boolean write)
      throws OsException {
    return write ? PosixChanges.pwrite(fd, memory, position) : Posix.pread(fd, memory, position);
  }

  @Override
  public void close() {
    if (direct != NONE) {
      Posix.close(direct);
    }
  }
}
