package dev.longshore.mover.backup;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a new snapshot of a volume begins with.
final class ParentSearch {
  /// Tags that say which of Velero's movers made a snapshot; a parent must have the same.
  private static final List<String> MAKER = List.of("snapshot-requester", "snapshot-uploader");

  /// Tags of which one tells a backup of one volume from all others.
  private static final Set<String> IDENTITY = Set.of("velero.io/async-operation-id", "backup-uid");

  private final SnapshotCatalog catalog;
  private final List<SnapshotManifest> ofSource;
  private final Map<String, String> tags;

  /// What was found.
  ///
  /// @param parentOrNull the complete snapshot whose unchanged files are taken over
  /// @param checkpointOrNull the newest incomplete snapshot after it, to go on from
  /// @param fallback why there is no parent though one was asked for; empty if that is not so
  record Found(
      @Nullable SnapshotManifest parentOrNull,
      @Nullable SnapshotManifest checkpointOrNull,
      String fallback) {
    /// Both, as an upload wants them.
    List<SnapshotManifest> all() {
      List<SnapshotManifest> all = new ArrayList<>();
      if (parentOrNull != null) {
        all.add(parentOrNull);
      }
      if (checkpointOrNull != null) {
        all.add(checkpointOrNull);
      }
      return all;
    }
  }

  ParentSearch(Repository repository, SourceInfo source, Map<String, String> tags)
      throws RepositoryException {
    this.catalog = new SnapshotCatalog(repository.manifests());
    this.ofSource = catalog.of(source, Map.of()).snapshots();
    this.tags = Map.copyOf(tags);
  }

  /// The snapshot that an earlier attempt of this very backup has made, but could not tell of.
  Optional<SnapshotManifest> alreadyMade() {
    if (tags.keySet().stream().noneMatch(IDENTITY::contains)) {
      return Optional.empty();
    }
    return ofSource.reversed().stream()
        .filter(snapshot -> snapshot.isComplete() && snapshot.tags().equals(tags))
        .findFirst();
  }

  /// @param wanted `auto` or empty, `none`, or a snapshot's id
  Found find(String wanted) throws RepositoryException {
    return switch (wanted) {
      case "none" -> new Found(null, checkpoint(Long.MIN_VALUE, true), "");
      case "", "auto" -> {
        SnapshotManifest parent = newestComplete();
        yield new Found(parent, checkpoint(start(parent), false), "");
      }
      default -> named(wanted);
    };
  }

  private Found named(String id) throws RepositoryException {
    String fallback;
    try {
      Optional<SnapshotManifest> parent =
          ManifestId.isValid(id) ? catalog.load(new ManifestId(id)) : Optional.empty();
      if (parent.isPresent() && parent.get().isComplete() && parent.get().rootOrNull() != null) {
        return new Found(parent.get(), checkpoint(start(parent.get()), true), "");
      }
      fallback =
          parent.isPresent() ? "snapshot " + id + " is incomplete" : "there is no snapshot " + id;
    } catch (DamagedException e) {
      fallback = "snapshot " + id + " cannot be read";
    }
    return new Found(null, checkpoint(Long.MIN_VALUE, true), fallback);
  }

  private static long start(@Nullable SnapshotManifest snapshot) {
    return snapshot == null ? Long.MIN_VALUE : snapshot.startNanos();
  }

  private @Nullable SnapshotManifest newestComplete() {
    return ofSource.reversed().stream()
        .filter(snapshot -> snapshot.isComplete() && isOfSameMaker(snapshot))
        .findFirst()
        .orElse(null);
  }

  /// @param own only one of this very backup
  private @Nullable SnapshotManifest checkpoint(long afterNanos, boolean own) {
    return ofSource.reversed().stream()
        .filter(snapshot -> !snapshot.isComplete() && snapshot.startNanos() > afterNanos)
        .filter(own ? snapshot -> snapshot.tags().equals(tags) : this::isOfSameMaker)
        .findFirst()
        .orElse(null);
  }

  private boolean isOfSameMaker(SnapshotManifest snapshot) {
    return MAKER.stream()
        .allMatch(tag -> tags.containsKey(tag) && tags.get(tag).equals(snapshot.tags().get(tag)));
  }
}
