package dev.longshore.engine.block.restore;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes the bytes of a volume in any order, from many threads.
interface BlockSink extends AutoCloseable {
  /// Everything reads as zeros that nobody wrote yet.
  boolean isBlank();

  /// Writes the rest of a buffer that [dev.longshore.engine.block.device.BlockDevice#buffer] made.
  void write(ByteBuffer bytes, long position) throws IOException;

  /// Makes a range read as zeros.
  void zero(long offset, long length) throws IOException;

  /// Makes all that was written durable.
  void finish() throws IOException;

  @Override
  void close();
}
