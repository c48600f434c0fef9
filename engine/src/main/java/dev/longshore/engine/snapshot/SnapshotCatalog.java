package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds snapshots. Thread-safe.
///
/// Source: kopia 4ebb2be6c `snapshot/manager.go`.
public final class SnapshotCatalog {
  private static final Comparator<SnapshotManifest> BY_START =
      Comparator.comparingLong(SnapshotManifest::startNanos)
          .thenComparing(snapshot -> snapshot.id().orElseThrow());

  private final ManifestReader manifests;

  /// Snapshots, and manifests that should be snapshots but cannot be read.
  ///
  /// Listings go on without the unreadable; whoever deletes what no snapshot needs must refuse to.
  ///
  /// @param snapshots by start, then id
  public record Listing(List<SnapshotManifest> snapshots, List<ManifestId> unreadable) {}

  /// Looks into these manifests.
  public SnapshotCatalog(ManifestReader manifests) {
    this.manifests = manifests;
  }

  /// All snapshots of all sources.
  public Listing all() throws RepositoryException {
    return find(Map.of(SnapshotManifest.TYPE_LABEL, SnapshotManifest.TYPE));
  }

  /// The snapshots of a source; its user and path, if empty, stand for all.
  ///
  /// @param tags labels they must have, as stored
  public Listing of(SourceInfo source, Map<String, String> tags) throws RepositoryException {
    Map<String, String> labels = new HashMap<>(tags);
    labels.putAll(SnapshotManifest.labelsOf(source));
    return find(labels);
  }

  private Listing find(Map<String, String> labels) throws RepositoryException {
    List<SnapshotManifest> snapshots = new ArrayList<>();
    List<ManifestId> unreadable = new ArrayList<>();
    for (ManifestEntry entry : manifests.find(labels)) {
      try {
        snapshots.add(SnapshotManifest.decode(entry.id(), entry.data()));
      } catch (CorruptException e) {
        unreadable.add(entry.id());
      }
    }
    snapshots.sort(BY_START);
    return new Listing(snapshots, unreadable);
  }

  /// The sources that have snapshots, sorted by their text.
  public List<SourceInfo> sources() throws RepositoryException {
    return manifests.find(Map.of(SnapshotManifest.TYPE_LABEL, SnapshotManifest.TYPE)).stream()
        .map(SnapshotCatalog::sourceOf)
        .distinct()
        .sorted(Comparator.comparing(SourceInfo::toString))
        .toList();
  }

  private static SourceInfo sourceOf(ManifestEntry entry) {
    Map<String, String> labels = entry.labels();
    return new SourceInfo(
        labels.getOrDefault(SnapshotManifest.HOST_LABEL, ""),
        labels.getOrDefault(SnapshotManifest.USER_LABEL, ""),
        labels.getOrDefault(SnapshotManifest.PATH_LABEL, ""));
  }

  /// One snapshot; empty if there is no such manifest, or it is none of a snapshot.
  ///
  /// @throws DamagedException if it cannot be read
  public Optional<SnapshotManifest> load(ManifestId id) throws RepositoryException {
    Optional<ManifestEntry> entry = manifests.get(id);
    if (entry.isEmpty()
        || !SnapshotManifest.TYPE.equals(entry.get().labels().get(SnapshotManifest.TYPE_LABEL))) {
      return Optional.empty();
    }
    try {
      return Optional.of(SnapshotManifest.decode(id, entry.get().data()));
    } catch (CorruptException e) {
      throw new DamagedException("manifest " + id + " holds no snapshot: " + e.getMessage(), e);
    }
  }

  /// The snapshots with this root object, by start.
  public List<SnapshotManifest> byRoot(ObjectId root) throws RepositoryException {
    return all().snapshots().stream()
        .filter(snapshot -> snapshot.root().filter(r -> r.objectId().equals(root)).isPresent())
        .toList();
  }

  /// What a new snapshot of a source can take over: the newest complete one first, then the
  /// incomplete ones that started after it.
  public List<SnapshotManifest> previous(SourceInfo source) throws RepositoryException {
    List<SnapshotManifest> snapshots = of(source, Map.of()).snapshots();
    List<SnapshotManifest> previous = new ArrayList<>();
    long complete = Long.MIN_VALUE;
    for (SnapshotManifest snapshot : snapshots.reversed()) {
      if (snapshot.isComplete()) {
        previous.add(snapshot);
        complete = snapshot.startNanos();
        break;
      }
    }
    for (SnapshotManifest snapshot : snapshots) {
      if (!snapshot.isComplete() && snapshot.startNanos() > complete) {
        previous.add(snapshot);
      }
    }
    return previous;
  }
}
