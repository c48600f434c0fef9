package dev.longshore.engine.restore;

import java.io.IOException;

/// Something the options or the safety of the target forbid; one entry is not restored.
final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
