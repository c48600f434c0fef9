package dev.longshore.engine.maintenance;

import dev.longshore.engine.content.ContentMarks;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.maintenance.TaskStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Garbage collection: marks contents deleted that no snapshot needs, and revives those marked that
/// one needs after all.
///
/// What it marks is published now and then, so a collection that was cut off is done so far.
/// Nothing is lost by a mark: the bytes stay until two collections agree
/// ([MaintenanceRules#safeDropTime]).
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotgc/gc.go`.
final class SnapshotGc {
  /// The prefix of manifests' contents, which see to themselves.
  private static final char MANIFESTS = 'm';

  private static final int PUBLISH_EVERY = 100_000;
  private static final int TELL_EVERY = 1 << 16;

  private final ContentStore contents;
  private final Options options;
  private final MaintenanceListener listener;

  private final Counter unreferenced = new Counter();
  private final Counter deleted = new Counter();
  private final Counter recent = new Counter();
  private final Counter inUse = new Counter();
  private final Counter system = new Counter();
  private final Counter recovered = new Counter();
  private long visited;
  private int changes;

  /// How to collect.
  ///
  /// @param start of the maintenance, by the store's clock
  /// @param minAge younger contents stay
  /// @param parallel directories read at once
  record Options(Instant start, Duration minAge, int parallel, boolean dryRun) {}

  private SnapshotGc(ContentStore contents, Options options, MaintenanceListener listener) {
    this.contents = contents;
    this.options = options;
    this.listener = listener;
  }

  static TaskStats.SnapshotGc run(
      Repository repository, Options options, MaintenanceListener listener)
      throws RepositoryException {
    ContentMarks used = repository.contents().marks();
    UsedContents.mark(repository, used, options.parallel, listener);
    SnapshotGc gc = new SnapshotGc(repository.contents(), options, listener);
    try (ContentSession session = repository.contents().openSession(ContentWriteOptions.DEFAULT)) {
      used.forEach(
          ContentRange.ALL_WITH_DELETED, (entry, marked) -> gc.visit(entry, marked, session));
      if (!options.dryRun) {
        session.flush();
      }
    }
    return gc.stats();
  }

  private void visit(IndexEntry entry, boolean used, ContentSession session)
      throws RepositoryException {
    if (++visited % TELL_EVERY == 0) {
      listener.progress("contents looked at", visited, 0);
    }
    long bytes = entry.packedLength();
    if (entry.contentId().prefix() == MANIFESTS) {
      system.add(bytes);
    } else if (used) {
      inUse.add(bytes);
      if (entry.deleted()) {
        recovered.add(bytes);
        if (!options.dryRun) {
          session.undelete(entry.contentId());
          changed(session);
        }
      }
    } else if (isRecent(entry)) {
      recent.add(bytes);
    } else {
      unreferenced.add(bytes);
      if (!options.dryRun) {
        delete(entry, session);
        deleted.add(bytes);
      }
    }
  }

  private boolean isRecent(IndexEntry entry) {
    Instant written = Instant.ofEpochSecond(entry.timestampSeconds());
    return Duration.between(written, options.start).compareTo(options.minAge) < 0;
  }

  /// Unless somebody has written the content meanwhile: the collection knows of an old entry only.
  private void delete(IndexEntry entry, ContentSession session) throws RepositoryException {
    ContentId id = entry.contentId();
    if (!entry.deleted() && contents.find(id).equals(Optional.of(entry))) {
      session.delete(id);
      changed(session);
    }
  }

  private void changed(ContentSession session) throws RepositoryException {
    if (++changes % PUBLISH_EVERY == 0) {
      session.flush();
    }
  }

  private TaskStats.SnapshotGc stats() {
    return new TaskStats.SnapshotGc(
        unreferenced.tally(),
        deleted.tally(),
        recent.tally(),
        inUse.tally(),
        system.tally(),
        recovered.tally());
  }
}
