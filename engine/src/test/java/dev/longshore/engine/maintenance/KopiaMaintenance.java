package dev.longshore.engine.maintenance;

import dev.longshore.engine.content.ContentMarks;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.content.EpochUpkeep;
import dev.longshore.engine.content.IndexUpkeep;
import dev.longshore.engine.content.V0Upkeep;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.MaintenanceInfo;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What Kopia's maintenance does to a repository: its tasks in its order, with its conditions and
/// margins, and without what ours adds.
///
/// Of Kopia are: the order of tasks; a garbage collection that marks what was not in use when it
/// looked, whoever has written it since, and publishes once; a rewriting content by content, that
/// is published and written into the history only at its end; a history of which only runs that
/// ended well count, and whose loss is no error. Of this engine are the steps themselves: how a
/// content is marked or written anew, how index blobs are merged, which packs nobody names. Left
/// out are logs and locks.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_run.go`, `content_rewrite.go`,
/// `snapshot/snapshotgc/gc.go`.
public final class KopiaMaintenance {
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);
  private static final int SHORT_PERCENT = 60;

  private final Repository repository;
  private final MaintenanceSafety safety;
  private final RandomGenerator random;
  private MaintenanceSchedule schedule = MaintenanceSchedule.EMPTY;
  private Instant start = Instant.MIN;

  /// @param random need not be secure
  public KopiaMaintenance(Repository repository, MaintenanceSafety safety, RandomGenerator random) {
    this.repository = repository;
    this.safety = safety;
    this.random = random;
  }

  private interface Task {
    void run() throws RepositoryException;
  }

  /// Runs a cycle.
  public void run(boolean full) throws RepositoryException {
    MaintenanceInfo info = repository.maintenance();
    Instant now = repository.clock().instant();
    Instant quickNext = now.plus(info.params().quick().interval());
    Instant fullNext =
        full ? now.plus(info.params().full().interval()) : info.schedule().nextFull();
    repository.putMaintenanceSchedule(info.schedule().withNext(fullNext, quickNext));
    start =
        repository
            .blobs()
            .metadata(MaintenanceInfo.SCHEDULE_BLOB)
            .orElseThrow(() -> new NotFoundException("no schedule"))
            .timestamp();
    Duration skew = Duration.between(start, repository.clock().instant()).abs();
    if (skew.compareTo(MAX_CLOCK_SKEW) > 0) {
      throw new DamagedException("clock skew detected: " + skew);
    }
    repository.refresh();
    schedule = repository.maintenance().schedule();
    if (full) {
      report(MaintenanceTask.SNAPSHOT_GC, this::collect);
      runFull();
    } else {
      runQuick();
    }
  }

  private void report(MaintenanceTask task, Task body) throws RepositoryException {
    Instant begin = repository.clock().instant();
    String error = "";
    try {
      body.run();
    } catch (RepositoryException e) {
      error = String.valueOf(e.getMessage());
      throw e;
    } finally {
      Instant end = repository.clock().instant();
      schedule =
          schedule.withRun(task.id(), new TaskRun(begin, end, error.isEmpty(), error, List.of()));
      try {
        repository.putMaintenanceSchedule(schedule);
      } catch (RepositoryException e) {
        // Kopia only says so.
      }
    }
  }

  private void runQuick() throws RepositoryException {
    IndexUpkeep upkeep = repository.contents().upkeep();
    if (upkeep.epochs().isPresent()) {
      quickEpochs(upkeep.epochs().get());
      return;
    }
    if (MaintenanceRules.mayRewrite(schedule, safety, false)) {
      report(MaintenanceTask.QUICK_REWRITE_CONTENTS, () -> rewrite("q"));
    }
    if (mayDeletePacks()) {
      boolean all = MaintenanceRules.lastRewriteWasFull(schedule);
      report(
          all ? MaintenanceTask.FULL_DELETE_BLOBS : MaintenanceTask.QUICK_DELETE_BLOBS,
          () -> deletePacks(all ? PackGc.Options.ALL : PackGc.Options.METADATA));
    }
    V0Upkeep v0 = upkeep.v0().orElseThrow();
    report(
        MaintenanceTask.INDEX_COMPACTION,
        () -> v0.compact(V0Upkeep.Options.small(safety.listLag(), false)));
  }

  private void runFull() throws RepositoryException {
    if (MaintenanceRules.mayRewrite(schedule, safety, true)) {
      report(MaintenanceTask.FULL_REWRITE_CONTENTS, () -> rewrite(""));
    }
    Optional<Instant> drop =
        safety.twoCollections()
            ? MaintenanceRules.safeDropTime(schedule, safety)
            : Optional.of(repository.clock().instant());
    if (drop.isPresent()) {
      report(MaintenanceTask.FULL_DROP_DELETED, () -> dropDeleted(drop.get()));
    }
    if (mayDeletePacks()) {
      report(MaintenanceTask.FULL_DELETE_BLOBS, () -> deletePacks(PackGc.Options.ALL));
    }
    Optional<EpochUpkeep> epochs = repository.contents().upkeep().epochs();
    if (epochs.isPresent()) {
      quickEpochs(epochs.get());
      report(MaintenanceTask.GENERATE_EPOCH_RANGE, () -> epochs.get().generateRange(false));
      report(MaintenanceTask.CLEANUP_EPOCH_MARKERS, () -> epochs.get().cleanMarkers(false));
      report(MaintenanceTask.DELETE_SUPERSEDED_INDEXES, () -> epochs.get().deleteSuperseded(false));
    }
  }

  private void quickEpochs(EpochUpkeep epochs) throws RepositoryException {
    report(MaintenanceTask.COMPACT_SINGLE_EPOCH, () -> epochs.compactSingleEpoch(false));
    report(MaintenanceTask.ADVANCE_EPOCH, () -> epochs.advance(false));
  }

  /// An hour after the last rewriting that ended well.
  private boolean mayDeletePacks() {
    Instant last = Instant.MIN;
    for (MaintenanceTask task :
        List.of(MaintenanceTask.FULL_REWRITE_CONTENTS, MaintenanceTask.QUICK_REWRITE_CONTENTS)) {
      for (TaskRun run : schedule.runsOf(task.id())) {
        last = run.success() && run.end().isAfter(last) ? run.end() : last;
      }
    }
    return last.equals(Instant.MIN)
        || !repository.clock().instant().isBefore(last.plus(safety.afterRewrite()));
  }

  private void collect() throws RepositoryException {
    ContentMarks used = repository.contents().marks();
    UsedContents.mark(repository, used, 1, MaintenanceListener.NONE);
    try (ContentSession session = repository.contents().openSession(ContentWriteOptions.DEFAULT)) {
      used.forEach(
          ContentRange.ALL_WITH_DELETED,
          (entry, marked) -> {
            Instant written = Instant.ofEpochSecond(entry.timestampSeconds());
            boolean young = Duration.between(written, start).compareTo(safety.contentMinAge()) < 0;
            if (entry.contentId().prefix() == 'm') {
              return;
            }
            if (marked && entry.deleted()) {
              session.undelete(entry.contentId());
            } else if (!marked && !young) {
              session.delete(entry.contentId());
            }
          });
      session.flush();
    }
  }

  private void rewrite(String prefix) throws RepositoryException {
    Instant now = repository.clock().instant();
    Map<BlobId, List<IndexEntry>> packs = new TreeMap<>();
    repository
        .contents()
        .forEach(
            ContentRange.ALL_WITH_DELETED,
            entry -> packs.computeIfAbsent(entry.packBlobId(), _ -> new ArrayList<>()).add(entry));
    List<ContentId> toRewrite = new ArrayList<>();
    for (String letter : List.of("p", "q")) {
      List<List<IndexEntry>> shortPacks = new ArrayList<>();
      packs.forEach((pack, entries) -> {
        long bytes = entries.stream().mapToLong(IndexEntry::packedLength).sum();
        boolean isShort = bytes < (long) repository.format().maxPackSize() * SHORT_PERCENT / 100;
        if (pack.startsWith(letter) && pack.startsWith(prefix) && isShort) {
          shortPacks.add(entries);
        }
      });
      if (shortPacks.size() > 1) {
        shortPacks.forEach(entries ->
            entries.stream()
                .filter(entry ->
                    Duration.between(Instant.ofEpochSecond(entry.timestampSeconds()), now)
                            .compareTo(safety.rewriteMinAge())
                        >= 0)
                .forEach(entry -> toRewrite.add(entry.contentId())));
      }
    }
    try (ContentSession session = repository.contents().openSession(ContentWriteOptions.DEFAULT)) {
      for (ContentId id : toRewrite) {
        session.rewrite(id);
      }
      session.flush();
    }
  }

  private void dropDeleted(Instant before) throws RepositoryException {
    IndexUpkeep upkeep = repository.contents().upkeep();
    if (upkeep.v0().isPresent()) {
      List<BlobMetadata> _ =
          upkeep.v0().get().compact(V0Upkeep.Options.dropping(before, safety.listLag(), false));
    } else {
      boolean _ = upkeep.epochs().orElseThrow().dropDeleted(before);
    }
    repository.refresh();
  }

  private void deletePacks(List<String> prefixes) throws RepositoryException {
    PackGc.run(
        repository,
        new PackGc.Options(prefixes, start, safety, 1, false),
        random,
        MaintenanceListener.NONE);
  }
}
