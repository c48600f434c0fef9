package dev.longshore.engine.manifest;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ManifestId;
import java.util.Map;

/// Changes manifests in one write session; pending changes are seen by its own reads at once, and
/// by others when the session is flushed.
public interface ManifestWriter extends ManifestReader {
  /// Adds a manifest.
  ///
  /// @param labels must hold `type`
  /// @param payload one JSON value, UTF-8
  ManifestId put(Map<String, String> labels, byte[] payload) throws RepositoryException;

  /// Deletes a manifest; a missing one is no fault.
  void delete(ManifestId id) throws RepositoryException;

  /// Adds a manifest and deletes all others with exactly the same labels: how policies and settings
  /// change.
  ManifestId replace(Map<String, String> labels, byte[] payload) throws RepositoryException;
}
