package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Compares what a target holds with what a volume has there. Thread-safe; the places compared must
/// not be written meanwhile.
final class TargetCompare {
  private static final int BUFFER_BYTES = 1 << 20;

  /// A larger piece is taken for different: no splitter cuts such.
  private static final int MAX_PIECE = 16 << 20;

  private final BlockDevice device;
  private final ContentNamer namer;
  private final ConcurrentLinkedQueue<Memory> free = new ConcurrentLinkedQueue<>();

  TargetCompare(BlockDevice device, ContentNamer namer) {
    this.device = device;
    this.namer = namer;
  }

  private static final class Memory {
    final ByteBuffer buffer = BlockDevice.buffer(BUFFER_BYTES);
    byte[] bytes = new byte[BUFFER_BYTES];
  }

  /// Tells whether a range holds just the bytes of a content.
  ///
  /// @param length of the content; where the volume ends before, it goes on with zeros
  /// @param within of them, those in the volume
  boolean holds(ObjectId source, long start, long length, long within) throws IOException {
    if (source.compressed() || length > MAX_PIECE || device.nextData(start) >= start + within) {
      return false;
    }
    Memory memory = take();
    try {
      if (memory.bytes.length < length) {
        memory.bytes = new byte[(int) length];
      }
      byte[] bytes = memory.bytes;
      int n = (int) within;
      for (int done = 0; done < n; ) {
        int count = Math.min(BUFFER_BYTES, n - done);
        device.read(memory.buffer.clear().limit(count), start + done);
        memory.buffer.flip().get(bytes, done, count);
        done += count;
      }
      Arrays.fill(bytes, n, (int) length, (byte) 0);
      ContentId id = source.contentId();
      return namer.idOf(id.prefix(), bytes, 0, (int) length).equals(id);
    } finally {
      free.add(memory);
    }
  }

  /// Receives ranges that are not zero.
  @FunctionalInterface
  interface Found {
    void range(long offset, long length) throws IOException;
  }

  /// Finds what is not zero in a range, in units of 1 MiB, neighbours together.
  void notZero(long offset, long end, Found found) throws IOException {
    Memory memory = take();
    long from = -1;
    try {
      for (long at = offset; at < end; ) {
        long data = Math.min(end, device.nextData(at));
        if (data > at) {
          if (from >= 0) {
            found.range(from, at - from);
            from = -1;
          }
          at = data;
          continue;
        }
        int n = (int) Math.min(BUFFER_BYTES, end - at);
        device.read(memory.buffer.clear().limit(n), at);
        boolean zero = isZero(memory.buffer.flip());
        if (zero && from >= 0) {
          found.range(from, at - from);
          from = -1;
        } else if (!zero && from < 0) {
          from = at;
        }
        at += n;
      }
      if (from >= 0) {
        found.range(from, end - from);
      }
    } finally {
      free.add(memory);
    }
  }

  private static boolean isZero(ByteBuffer bytes) {
    while (bytes.remaining() >= Long.BYTES) {
      if (bytes.getLong() != 0) {
        return false;
      }
    }
    while (bytes.hasRemaining()) {
      if (bytes.get() != 0) {
        return false;
      }
    }
    return true;
  }

  private Memory take() {
    @Nullable Memory memory = free.poll();
    return memory == null ? new Memory() : memory;
  }
}
