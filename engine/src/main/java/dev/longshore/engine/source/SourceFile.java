package dev.longshore.engine.source;

import java.io.IOException;

/// A file of known size, which can be read from any place.
public non-sealed interface SourceFile extends SourceEntry {
  /// Opens it at its start.
  SourceReader open() throws IOException;

  /// Tells whether some of it is a hole, as far as the file system can tell.
  default boolean hasHoles() throws IOException {
    return false;
  }
}
