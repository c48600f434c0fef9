package dev.longshore.engine.snapshot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A directory whose names could not be had; an error of one entry, unless it is the root.
final class UnreadableDirectory extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableDirectory(String message) {
    super(message);
  }

  UnreadableDirectory(@Nullable String message, IOException cause) {
    super(message, cause);
  }
}
