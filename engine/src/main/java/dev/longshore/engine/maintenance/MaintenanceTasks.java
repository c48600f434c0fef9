package dev.longshore.engine.maintenance;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.pack.PackLayout;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The tasks of one maintenance in their order.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_run.go`.
final class MaintenanceTasks {
  private final Repository repository;
  private final Plan plan;
  private final RandomGenerator random;
  private final MaintenanceListener listener;
  private final RunHistory history;
  private final MaintenanceSafety safety;
  private final boolean dryRun;
  private final int parallel;
  private final IndexTasks index;

  /// What the tasks go by.
  ///
  /// @param start of the maintenance, by the store's clock
  record Plan(MaintenanceParams params, Maintenance.Options options, Instant start) {}

  MaintenanceTasks(
      Repository repository,
      Plan plan,
      RandomGenerator random,
      MaintenanceListener listener,
      RunHistory history)
      throws RepositoryException {
    this.repository = repository;
    this.plan = plan;
    this.random = random;
    this.listener = listener;
    this.history = history;
    this.safety = plan.options.safety();
    this.dryRun = plan.options.dryRun();
    this.parallel = plan.options.parallel();
    this.index = new IndexTasks(repository, safety, dryRun);
  }

  void run(MaintenanceMode mode) throws RepositoryException {
    if (mode == MaintenanceMode.FULL) {
      full();
    } else {
      quick();
    }
  }

  private void quick() throws RepositoryException {
    if (index.hasEpochs()) {
      index.quickEpochs(history);
      return;
    }
    rewrite(MaintenanceTask.QUICK_REWRITE_CONTENTS, false);
    // What a full one left behind is not only packs of metadata.
    boolean all = MaintenanceRules.lastRewriteWasFull(history.schedule());
    deletePacks(all ? MaintenanceTask.FULL_DELETE_BLOBS : MaintenanceTask.QUICK_DELETE_BLOBS, all);
    history.run(MaintenanceTask.INDEX_COMPACTION, index::compact);
    cleanLogs();
  }

  private void full() throws RepositoryException {
    history.run(
        MaintenanceTask.SNAPSHOT_GC,
        () ->
            Optional.of(
                SnapshotGc.run(
                    repository,
                    new SnapshotGc.Options(plan.start, safety.contentMinAge(), parallel, dryRun),
                    listener)));
    rewrite(MaintenanceTask.FULL_REWRITE_CONTENTS, true);
    dropDeleted();
    deletePacks(MaintenanceTask.FULL_DELETE_BLOBS, true);
    renewLocks();
    if (index.hasEpochs()) {
      index.fullEpochs(history);
    }
    cleanLogs();
  }

  private void rewrite(MaintenanceTask task, boolean full) throws RepositoryException {
    if (!MaintenanceRules.mayRewrite(history.schedule(), safety, full)) {
      history.leaveOut(task, "packs left by the last time are not deleted yet");
      return;
    }
    ContentRewrite.Options options =
        ContentRewrite.Options.of(
            full ? "" : PackLayout.METADATA_PREFIX, safety.rewriteMinAge(), parallel, dryRun);
    history.runStepping(
        task, step -> Optional.of(ContentRewrite.run(repository, options, random, listener, step)));
  }

  private void dropDeleted() throws RepositoryException {
    Optional<Instant> before =
        safety.twoCollections()
            ? MaintenanceRules.safeDropTime(history.schedule(), safety)
            : Optional.of(repository.clock().instant());
    if (before.isEmpty()) {
      history.leaveOut(
          MaintenanceTask.FULL_DROP_DELETED,
          "two garbage collections, %d hours apart, have not been made yet"
              .formatted(safety.betweenCollections().toHours()));
      return;
    }
    history.run(MaintenanceTask.FULL_DROP_DELETED, () -> index.dropDeleted(before.get()));
    if (!dryRun) {
      repository.refresh();
    }
  }

  private void deletePacks(MaintenanceTask task, boolean all) throws RepositoryException {
    Instant next = MaintenanceRules.nextPackDeletion(history.schedule(), safety);
    if (repository.clock().instant().isBefore(next)) {
      history.leaveOut(task, "contents were moved lately; next time after " + next);
      return;
    }
    PackGc.Options options =
        new PackGc.Options(
            all ? PackGc.Options.ALL : PackGc.Options.METADATA,
            plan.start,
            safety,
            plan.params.listParallelism(),
            dryRun);
    history.run(task, () -> Optional.of(PackGc.run(repository, options, random, listener)));
  }

  /// A store that cannot does not keep the rest from being done; that it could not is written down.
  private void renewLocks() throws RepositoryException {
    if (!plan.params.extendObjectLocks()) {
      return;
    }
    try {
      history.run(
          MaintenanceTask.EXTEND_BLOB_RETENTION,
          () ->
              LockRenewal.run(
                  repository.blobs(), repository.status().retention(), parallel, dryRun));
    } catch (UnsupportedException e) {
      listener.warning("locks are not renewed: " + e.getMessage());
    }
  }

  private void cleanLogs() throws RepositoryException {
    history.run(
        MaintenanceTask.CLEANUP_LOGS,
        () ->
            Optional.of(
                LogCleanup.run(
                    repository.blobs(),
                    plan.params.logRetentionOrDefault(),
                    repository.clock().instant(),
                    dryRun)));
  }
}
