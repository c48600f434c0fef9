package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds snapshots. Thread-safe.
public final class SnapshotCatalog {
  /// Snapshots and manifests that should be snapshots, but cannot be read.
  ///
  /// Listings go on without the unreadable; whoever deletes what no snapshot needs must refuse to.
  ///
  /// @param snapshots by start, then id
  public record Listing(List<SnapshotManifest> snapshots, List<ManifestId> unreadable) {}

  /// Looks into these manifests.
  public SnapshotCatalog(ManifestReader manifests) {}

  /// All snapshots of all sources.
  public Listing all() throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The snapshots of a source; parts of it that are empty stand for all.
  ///
  /// @param tags labels they must have, as stored
  public Listing of(SourceInfo source, Map<String, String> tags) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The sources that have snapshots, sorted by their text.
  public List<SourceInfo> sources() throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// One snapshot; empty if there is no such manifest, or it is none of a snapshot.
  ///
  /// @throws dev.longshore.engine.error.DamagedException if it cannot be read
  public Optional<SnapshotManifest> load(ManifestId id) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The snapshots with this root object, by start.
  public List<SnapshotManifest> byRoot(ObjectId root) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// What a new snapshot of a source can take over: the newest complete one first, then the
  /// incomplete ones that started after it.
  public List<SnapshotManifest> previous(SourceInfo source) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
