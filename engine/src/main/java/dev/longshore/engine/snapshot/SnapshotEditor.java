package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.time.ZoneId;
import java.util.List;

/// Saves, changes, removes snapshots. Nothing is seen by others before the session is flushed.
public final class SnapshotEditor {
  /// Works on these manifests.
  public SnapshotEditor(ManifestWriter manifests) {}

  /// Saves a new snapshot and returns it with its id.
  ///
  /// @throws IllegalArgumentException if its source is not full, or a tag would hide a label
  public SnapshotManifest save(SnapshotManifest snapshot) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Replaces the snapshot by another version of it (pins, description, root), under a new id.
  ///
  /// @throws IllegalArgumentException if it has no id
  public SnapshotManifest update(SnapshotManifest snapshot) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Deletes snapshots; their data goes when maintenance finds that nothing needs it.
  public void delete(List<ManifestId> ids) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The snapshots of one source that its retention policy does not keep.
  ///
  /// @param zone of weeks and days
  /// @param delete remove them
  public List<ManifestId> expire(SourceInfo source, ZoneId zone, boolean delete)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
