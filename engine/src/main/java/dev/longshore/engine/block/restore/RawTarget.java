package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.device.Access;
import dev.longshore.engine.block.device.BlockDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens what a volume is restored to, after all that could speak against it was looked at.
final class RawTarget {
  private final Path path;
  private final long size;
  private final BlockRestoreOptions options;

  /// @param size of the volume in bytes
  RawTarget(Path path, long size, BlockRestoreOptions options) {
    this.path = path;
    this.size = size;
    this.options = options;
  }

  /// @throws TargetException if it is too small, or there already and not to be replaced
  DeviceSink open() throws IOException {
    if (Files.isDirectory(path)) {
      throw new TargetException(path + " is a directory; name a device or a file");
    }
    if (!Files.exists(path)) {
      return new DeviceSink(BlockDevice.create(path, size), true);
    }
    if (Files.isRegularFile(path) && !options.overwrite() && !options.keepsTarget()) {
      throw new TargetException(path + " is there already");
    }
    BlockDevice device = BlockDevice.open(path, Access.WRITE);
    try {
      return device.isDevice() ? device(device) : file(device);
    } catch (IOException e) {
      device.close();
      throw e;
    }
  }

  private DeviceSink device(BlockDevice device) throws TargetException {
    if (device.size() < size) {
      throw new TargetException(
          "%s has %d bytes, too few for the %d of the volume".formatted(path, device.size(), size));
    }
    return new DeviceSink(device, false);
  }

  private DeviceSink file(BlockDevice file) throws IOException {
    boolean blank = !options.keepsTarget();
    if (blank) {
      file.resize(0);
    }
    if (file.size() < size || options.surplus() == Surplus.CUT) {
      file.resize(size);
    }
    return new DeviceSink(file, blank);
  }
}
