package dev.longshore.engine.source;

import java.io.IOException;
import java.util.Optional;

/// A directory.
public non-sealed interface SourceDirectory extends SourceEntry {
  /// Opens it and reads its names.
  SourceListing open() throws IOException;

  /// What has the name in it; empty if nothing has.
  Optional<SourceEntry> child(String name) throws IOException;
}
