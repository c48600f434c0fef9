package dev.longshore.format.error;

import java.io.IOException;

/// Bytes that are not what the repository format allows.
///
/// A failure names what was read, where in it, what was expected and what was found; it never holds
/// secret or user data. The engine adds the blob and the id it was reading.
public abstract sealed class FormatException extends IOException
    permits CorruptException, UnsupportedFormatException {
  private static final long serialVersionUID = 1L;

  FormatException(String message) {
    super(message);
  }

  FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
