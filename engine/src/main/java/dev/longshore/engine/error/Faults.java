package dev.longshore.engine.error;

import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import java.io.IOException;

/// Turns what decoding found into what a caller of the engine can act on.
public final class Faults {
  private Faults() {}

  /// The fault of bytes that came from a store and could not be opened or decoded.
  ///
  /// @param what names them: `content k01ab… in pack q62…`
  /// @param fault of the format or of the crypto module
  public static RepositoryException unreadable(String what, IOException fault) {
    return switch (fault) {
      case RepositoryException known -> known;
      case UnsupportedFormatException e ->
          new UnsupportedException(what + ": " + e.getMessage(), e);
      case CorruptException e -> new DamagedException(what + ": " + e.getMessage(), e);
      case UnauthenticException e ->
          new DamagedException(what + ": not what this repository sealed", e);
      case UnrepairableException e ->
          new DamagedException(what + ": damaged beyond repair by error correction", e);
      default -> new DamagedException(what + ": " + fault.getMessage(), fault);
    };
  }

  /// The fault of a thread that was interrupted; its interrupt status is set again.
  public static StoreException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StoreException(what + ": interrupted", StoreException.Retry.NEVER, e);
  }
}
