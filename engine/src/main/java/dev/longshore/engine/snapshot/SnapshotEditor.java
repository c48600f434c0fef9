package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.policy.Retention;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// Saves, changes, removes snapshots. Nothing is seen by others before the session is flushed.
///
/// Source: kopia 4ebb2be6c `snapshot/manager.go`, `snapshot/policy/expire.go`.
public final class SnapshotEditor {
  private final ManifestWriter manifests;

  /// Works on these manifests.
  public SnapshotEditor(ManifestWriter manifests) {
    this.manifests = manifests;
  }

  /// Saves a new snapshot and returns it with its id.
  ///
  /// @throws IllegalArgumentException if its source is not full, or a tag would hide a label
  public SnapshotManifest save(SnapshotManifest snapshot) throws RepositoryException {
    return snapshot.withId(manifests.put(snapshot.labels(), snapshot.encode()));
  }

  /// Replaces the snapshot by another version of it (pins, description, root), under a new id.
  ///
  /// @throws IllegalArgumentException if it has no id
  public SnapshotManifest update(SnapshotManifest snapshot) throws RepositoryException {
    ManifestId old =
        snapshot
            .id()
            .orElseThrow(() -> new IllegalArgumentException("a snapshot that was never saved"));
    SnapshotManifest saved = save(snapshot);
    manifests.delete(old);
    return saved;
  }

  /// Deletes snapshots; their data goes when maintenance finds that nothing needs it.
  public void delete(List<ManifestId> ids) throws RepositoryException {
    for (ManifestId id : ids) {
      manifests.delete(id);
    }
  }

  /// The snapshots of one source that its retention policy does not keep, the oldest first.
  ///
  /// @param source host, user and path
  /// @param zone of weeks and days
  /// @param delete remove them
  public List<ManifestId> expire(SourceInfo source, ZoneId zone, boolean delete)
      throws RepositoryException {
    RetentionPolicy policy = new Policies(manifests).effective(source).policy().retention();
    List<SnapshotManifest> all = new SnapshotCatalog(manifests).of(source, Map.of()).snapshots();
    List<ManifestId> expired =
        Retention.expired(policy, all, zone).stream()
            .map(snapshot -> snapshot.id().orElseThrow())
            .toList();
    if (delete) {
      delete(expired);
    }
    return expired;
  }
}
