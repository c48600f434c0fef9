package dev.longshore.engine.manifest;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.manifest.ManifestEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads manifests. Safe for use by many threads.
public interface ManifestReader {
  /// The manifests that have all these labels, by time of modification, then id; payloads included.
  List<ManifestEntry> find(Map<String, String> labels) throws RepositoryException;

  /// One manifest; empty if it is not there or deleted.
  Optional<ManifestEntry> get(ManifestId id) throws RepositoryException;

  /// Tells whether all manifests could be read. Others are left out only by a client that was told
  /// to; whoever deletes what no manifest names must not be one.
  default boolean isComplete() throws RepositoryException {
    return true;
  }
}
