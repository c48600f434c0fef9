package dev.longshore.engine.block.restore;

import java.io.IOException;

/// A target that cannot or may not take the volume; nothing of it was changed.
public final class TargetException extends IOException {
  private static final long serialVersionUID = 1L;

  TargetException(String message) {
    super(message);
  }
}
