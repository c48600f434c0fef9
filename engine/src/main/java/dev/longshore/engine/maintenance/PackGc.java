package dev.longshore.engine.maintenance;

import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.maintenance.TaskStats;
import dev.longshore.format.session.SessionId;
import dev.longshore.format.session.SessionMarker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Deletes packs that no index entry names, tombstones included, and session markers that nobody
/// needs: left by writers that died, or by [ContentRewrite], or because what was in them is
/// dropped.
///
/// Kept are packs that are newer than the maintenance, or young, or of a session that was heard of
/// lately: their index may be on its way.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/pack_gc.go`, `repo/content/sessions.go`.
final class PackGc {
  private static final int DEFAULT_PARALLEL = 16;

  /// The store's clock may stand still for a while.
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final Repository repository;
  private final Options options;
  private final MaintenanceListener listener;
  private final Counter unreferenced = new Counter();
  private final Counter deleted = new Counter();
  private final Counter retained = new Counter();

  /// What to delete.
  ///
  /// @param prefixes of the blobs looked at
  /// @param start of the maintenance, by the store's clock
  /// @param parallel deletions at once; 0 for the default
  record Options(
      List<String> prefixes,
      Instant start,
      MaintenanceSafety safety,
      int parallel,
      boolean dryRun) {
    static final List<String> ALL = List.of("p", "q", SessionMarker.BLOB_PREFIX);
    static final List<String> METADATA = List.of("q");
  }

  private PackGc(Repository repository, Options options, MaintenanceListener listener) {
    this.repository = repository;
    this.options = options;
    this.listener = listener;
  }

  /// Deletes what may go.
  ///
  /// @param random need not be secure
  static TaskStats.DeletedPacks run(
      Repository repository, Options options, RandomGenerator random, MaintenanceListener listener)
      throws RepositoryException {
    PackGc gc = new PackGc(repository, options, listener);
    gc.run(random);
    return new TaskStats.DeletedPacks(
        gc.unreferenced.tally(), gc.deleted.tally(), gc.retained.tally());
  }

  private void run(RandomGenerator random) throws RepositoryException {
    Map<SessionId, Instant> sessions = sessions();
    PackTable named = new PackTable(random);
    ContentStore contents = repository.contents();
    contents.forEach(
        ContentRange.ALL_WITH_DELETED,
        entry -> named.add(entry.packBlobId(), entry.packedLength()));
    int parallel = options.parallel == 0 ? DEFAULT_PARALLEL : options.parallel;
    try (Scope scope = new Scope("delete packs", parallel)) {
      for (String prefix : options.prefixes) {
        List<BlobMetadata> listed = new ArrayList<>();
        repository
            .blobs()
            .list(
                prefix,
                blob -> {
                  if (!named.contains(blob.id())) {
                    listed.add(blob);
                  }
                });
        for (BlobMetadata blob : listed) {
          consider(blob, sessions, scope);
        }
      }
      scope.join();
    }
  }

  private void consider(BlobMetadata blob, Map<SessionId, Instant> sessions, Scope scope)
      throws RepositoryException {
    if (mustStay(blob, sessions)) {
      retained.add(blob.lengthBytes());
      return;
    }
    unreferenced.add(blob.lengthBytes());
    if (!options.dryRun) {
      scope.fork(() -> {
        repository.blobs().delete(blob.id());
        deleted.add(blob.lengthBytes());
        listener.progress("packs deleted", deleted.count(), 0);
      });
    }
  }

  private boolean mustStay(BlobMetadata blob, Map<SessionId, Instant> sessions) {
    Instant cutoff = options.start.plus(SLACK);
    Duration age = Duration.between(blob.timestamp(), cutoff);
    if (age.isNegative() || age.compareTo(options.safety.packMinAge()) < 0) {
      return true;
    }
    Optional<Instant> heard = SessionId.ofBlob(blob.id()).map(sessions::get);
    return heard.isPresent()
        && Duration.between(heard.get(), cutoff).compareTo(options.safety.sessionExpiry()) < 0;
  }

  /// When each session whose marker is there was heard of last.
  private Map<SessionId, Instant> sessions() throws RepositoryException {
    List<BlobMetadata> markers = new ArrayList<>();
    repository.blobs().list(SessionMarker.BLOB_PREFIX, markers::add);
    Map<SessionId, Instant> sessions = new HashMap<>();
    for (BlobMetadata marker : markers) {
      SessionId session =
          SessionId.ofBlob(marker.id())
              .orElseThrow(
                  () -> new DamagedException("blob " + marker.id() + " is no session marker"));
      try {
        SessionMarker body =
            SessionMarker.decode(repository.contents().readSealedBlob(marker.id()));
        sessions.merge(session, body.checkpointTime(), (a, b) -> a.isAfter(b) ? a : b);
      } catch (NotFoundException e) {
        // Its session has ended.
      } catch (CorruptException e) {
        throw new DamagedException("session marker " + marker.id() + ": " + e.getMessage(), e);
      }
    }
    return sessions;
  }
}
