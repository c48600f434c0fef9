package dev.longshore.engine.repository;

import dev.longshore.engine.error.RepositoryException;
import java.util.Optional;

/// What `repository status -t` prints and `connect from-config --token` takes: a store's settings
/// and, if wanted, the password.
public record ReconnectToken(
    String storageType, String storageConfigJson, Optional<String> password) {
  /// Base64url text of a JSON object.
  public String encode() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads a token.
  ///
  /// @throws dev.longshore.engine.error.DamagedException if it is none
  /// @throws dev.longshore.engine.error.UnsupportedException if it is of another version
  public static ReconnectToken decode(String token) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public String toString() {
    return "ReconnectToken[" + storageType + "]";
  }
}
