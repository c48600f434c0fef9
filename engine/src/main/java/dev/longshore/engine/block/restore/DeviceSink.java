package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.device.BlockDevice;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Writes a volume to a device or an image file.
final class DeviceSink implements BlockSink {
  private final BlockDevice device;
  private final boolean blank;

  /// @param device open for writing; the sink's from now on
  /// @param blank it is one hole
  DeviceSink(BlockDevice device, boolean blank) {
    this.device = device;
    this.blank = blank;
  }

  BlockDevice device() {
    return device;
  }

  @Override
  public boolean isBlank() {
    return blank;
  }

  @Override
  public void write(ByteBuffer bytes, long position) throws IOException {
    device.write(bytes, position);
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    if (!blank) {
      device.zero(offset, length);
    }
  }

  @Override
  public void finish() throws IOException {
    device.flush();
  }

  @Override
  public void close() {
    device.close();
  }
}
