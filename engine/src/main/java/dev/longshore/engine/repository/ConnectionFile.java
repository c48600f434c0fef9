package dev.longshore.engine.repository;

import dev.longshore.engine.error.RepositoryException;
import java.nio.file.Path;
import java.util.Optional;

/// A connection to a repository: Kopia's `repository.config`.
///
/// @param storageType Kopia's name of the kind of store
/// @param storageConfigJson the store's settings, compact JSON, secrets included
/// @param throttlingLimitsJson the `throttlingLimits` object, compact JSON, kept as it is
public record ConnectionFile(
    String storageType,
    String storageConfigJson,
    CachingOptions caching,
    ClientOptions client,
    Optional<String> throttlingLimitsJson) {
  /// Reads a file.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if there is none: not connected
  /// @throws dev.longshore.engine.error.DamagedException if it is not such a file
  /// @throws dev.longshore.engine.error.UnsupportedException if it connects to a Kopia server
  public static ConnectionFile read(Path file) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Writes or replaces a file, readable by its owner only, making its folder if needed.
  public void write(Path file) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
