package dev.longshore.engine.block;

import java.io.IOException;

/// A list of blocks, or of changes, proved not to be what it has to be; the backup goes on without.
final class UnusableListException extends IOException {
  private static final long serialVersionUID = 1L;

  /// What cannot be used.
  enum Which {
    PARENT,
    CHANGES,
    CHECKPOINT
  }

  private final Which which;
  private final String reason;

  UnusableListException(Which which, String message) {
    super(message);
    this.reason = message;
    this.which = which;
  }

  /// What is wrong, in words.
  String reason() {
    return reason;
  }

  Which which() {
    return which;
  }
}
