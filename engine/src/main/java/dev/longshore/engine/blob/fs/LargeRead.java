package dev.longshore.engine.blob.fs;

import dev.longshore.engine.posix.AlignedBuffers;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.UncachedReader;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Reads a large part of a file, and what the page cache does not hold past it.
final class LargeRead {
  /// Smaller parts are not worth it.
  static final int MIN_BYTES = 256 << 10;

  private LargeRead() {}

  static boolean isAvailable() {
    return Posix.isAvailable();
  }

  /// Fills the buffer with what is at `offset`.
  ///
  /// @throws EOFException if the file ends before
  static void fill(Path file, long offset, ByteBuffer into) throws IOException {
    int fd = Posix.open(file, Posix.O_RDONLY | Posix.O_NOFOLLOW);
    MemorySegment buffer = AlignedBuffers.take();
    try (var reader = new UncachedReader(fd)) {
      long at = offset;
      while (into.hasRemaining()) {
        // From the start of the block that it is in.
        int before = (int) (at % AlignedBuffers.BLOCK_BYTES);
        int wanted = Math.min(AlignedBuffers.BYTES, roundedUp(before + into.remaining()));
        int n = reader.read(buffer.asSlice(0, wanted), at - before) - before;
        if (n <= 0) {
          throw new EOFException(file + ": ends " + into.remaining() + " bytes early");
        }
        int taken = Math.min(n, into.remaining());
        into.put(buffer.asSlice(before, taken).asByteBuffer());
        at += taken;
      }
    } finally {
      AlignedBuffers.give(buffer);
      Posix.close(fd);
    }
  }

  private static int roundedUp(int bytes) {
    return Math.clamp(
        ((long) bytes + AlignedBuffers.BLOCK_BYTES - 1)
            / AlignedBuffers.BLOCK_BYTES
            * AlignedBuffers.BLOCK_BYTES,
        0,
        AlignedBuffers.BYTES);
  }
}
