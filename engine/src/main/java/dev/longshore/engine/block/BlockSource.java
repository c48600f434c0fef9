package dev.longshore.engine.block;

import dev.longshore.engine.block.device.BlockDevice;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What a block backup reads: a device or the image of one, which does not change meanwhile.
/// Thread-safe.
public interface BlockSource {
  /// Exact size in bytes.
  long size();

  /// Fills the rest of the buffer, which is direct and aligned as [BlockDevice#buffer] makes it.
  ///
  /// @throws IOException also if the device ends before
  void read(ByteBuffer target, long position) throws IOException;

  /// Where data begins at or after a place; the size if there is none.
  long nextData(long from) throws IOException;

  /// Where a hole, which reads as zeros, begins at or after a place; the size if there is none.
  long nextHole(long from) throws IOException;

  /// An open device, which stays the caller's to close.
  static BlockSource of(BlockDevice device) {
    return new BlockSource() {
      @Override
      public long size() {
        return device.size();
      }

      @Override
      public void read(ByteBuffer target, long position) throws IOException {
        device.read(target, position);
      }

      @Override
      public long nextData(long from) throws IOException {
        return device.nextData(from);
      }

      @Override
      public long nextHole(long from) throws IOException {
        return device.nextHole(from);
      }
    };
  }
}
