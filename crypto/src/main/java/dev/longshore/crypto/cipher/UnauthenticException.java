package dev.longshore.crypto.cipher;

import java.io.IOException;

/// Sealed bytes that are cut, damaged, forged, or sealed with another key.
public final class UnauthenticException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param message what was opened and what was wrong, without secrets
  public UnauthenticException(String message) {
    super(message);
  }

  /// @param message what was opened and what was wrong, without secrets
  public UnauthenticException(String message, Throwable cause) {
    super(message, cause);
  }
}
