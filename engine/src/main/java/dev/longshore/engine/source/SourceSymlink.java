package dev.longshore.engine.source;

import java.io.IOException;
import java.util.Optional;

/// A symbolic link.
public non-sealed interface SourceSymlink extends SourceEntry {
  /// Where it points, raw bytes.
  byte[] target() throws IOException;

  /// What it leads to, through further links; empty if that is not a file.
  Optional<SourceFile> resolveFile() throws IOException;
}
