package dev.longshore.engine.source;

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
}
