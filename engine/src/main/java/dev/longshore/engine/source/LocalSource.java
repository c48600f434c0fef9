package dev.longshore.engine.source;

import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.posix.Posix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;

/// Makes sources.
public final class LocalSource {
  private LocalSource() {}

  /// A directory, file or symbolic link of this machine. A symbolic link is not followed: resolve
  /// it before, as Kopia does.
  ///
  /// @throws IOException if there is nothing, or it cannot be looked at
  public static SourceTree open(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    return Posix.isAvailable() ? new NativeTree(absolute.toString()) : new PathTree(absolute);
  }

  /// A stream under a name, as the only file of a directory (Kopia's `--stdin-file`).
  ///
  /// @param directoryName name of the root
  /// @param fileName name of the file in it; may hold slashes
  /// @param now the file's modification time
  public static SourceTree ofStream(
      String directoryName, String fileName, InputStream stream, Instant now) {
    return new StreamTree(directoryName, fileName, stream, now);
  }

  /// A block device, or a file that holds the image of one, as the only file of a directory: what
  /// Velero makes of a volume in block mode.
  ///
  /// @param fileName the file's: Velero's is the device's whole path, with which Kopia cannot
  ///   restore it
  /// @param now the file's modification time
  /// @throws IOException if there is no such device, or it cannot be opened
  /// @throws dev.longshore.engine.error.UnsupportedException where the system's calls cannot be
  ///   made
  public static SourceTree ofDevice(Path device, String fileName, Instant now) throws IOException {
    if (!Posix.isAvailable()) {
      throw new UnsupportedException(
          "to read devices needs Linux on x86-64 or AArch64 with native access");
    }
    return new DeviceTree(device.toAbsolutePath().normalize().toString(), fileName, now);
  }
}
