package dev.longshore.engine.source;

import java.io.IOException;

/// A directory.
public non-sealed interface SourceDirectory extends SourceEntry {
  /// Opens it and reads its names.
  SourceListing open() throws IOException;
}
