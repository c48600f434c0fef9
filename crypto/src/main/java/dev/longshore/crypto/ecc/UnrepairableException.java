package dev.longshore.crypto.ecc;

import java.io.IOException;

/// Stored bytes with more damage than their parity can mend.
public final class UnrepairableException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param message where the damage is and how much of it was found
  public UnrepairableException(String message) {
    super(message);
  }
}
