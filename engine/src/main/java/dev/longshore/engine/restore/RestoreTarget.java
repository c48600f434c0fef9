package dev.longshore.engine.restore;

import java.io.OutputStream;
import java.nio.file.Path;

/// Where a restore goes.
public sealed interface RestoreTarget {
  /// A place in the file system. A directory is restored as `path` itself; a file as the file
  /// `path`, whose bytes also go to an existing block device.
  record Local(Path path) implements RestoreTarget {}

  /// A tar stream (POSIX.1-2001), which the restore ends but does not close.
  ///
  /// @param gzip compressed
  record Tar(OutputStream out, boolean gzip) implements RestoreTarget {}

  /// A zip stream, which the restore ends but does not close.
  ///
  /// @param compressed deflated rather than stored
  record Zip(OutputStream out, boolean compressed) implements RestoreTarget {}
}
