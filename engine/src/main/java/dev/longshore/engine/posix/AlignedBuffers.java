package dev.longshore.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Native buffers that may be read into and written from past the page cache. They are lent and
/// never freed; there are as many as were ever out at once. Thread-safe.
public final class AlignedBuffers {
  /// Bytes of each.
  public static final int BYTES = 512 << 10;

  /// What addresses, lengths and places in files must be multiples of.
  public static final int BLOCK_BYTES = 4096;

  private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();

  private AlignedBuffers() {}

  /// Borrows a buffer, with whatever is in it.
  public static MemorySegment take() {
    MemorySegment buffer = FREE.poll();
    return buffer != null ? buffer : Arena.global().allocate(BYTES, BLOCK_BYTES);
  }

  /// Gives it back; nothing may use it any more.
  public static void give(MemorySegment buffer) {
    FREE.add(buffer);
  }
}
