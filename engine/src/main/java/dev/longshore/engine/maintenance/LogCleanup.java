package dev.longshore.engine.maintenance;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.maintenance.MaintenanceParams.LogRetention;
import dev.longshore.format.maintenance.TaskStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Deletes the logs that Kopia keeps in a repository, beyond a total size, a number and an age: the
/// newest stay, up to the first that is too much.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/cleanup_logs.go`.
final class LogCleanup {
  private static final String PREFIX = "_log";
  private static final int PARALLEL = 4;

  private LogCleanup() {}

  static TaskStats.CleanedLogs run(
      BlobStore store, LogRetention retention, Instant now, boolean dryRun)
      throws RepositoryException {
    List<BlobMetadata> logs = new ArrayList<>();
    store.list(PREFIX, logs::add);
    logs.sort(Comparator.comparing(BlobMetadata::timestamp).reversed());
    Counter retained = new Counter();
    Counter toDelete = new Counter();
    Counter deleted = new Counter();
    try (Scope scope = new Scope("delete logs", PARALLEL)) {
      for (BlobMetadata log : logs) {
        boolean stays = toDelete.count() == 0 && fits(log, retained.tally(), retention, now);
        (stays ? retained : toDelete).add(log.lengthBytes());
        if (!stays && !dryRun) {
          scope.fork(() -> {
            store.delete(log.id());
            deleted.add(log.lengthBytes());
          });
        }
      }
      scope.join();
    }
    return new TaskStats.CleanedLogs(toDelete.tally(), deleted.tally(), retained.tally());
  }

  private static boolean fits(
      BlobMetadata log, TaskStats.Tally before, LogRetention retention, Instant now) {
    boolean tooLarge =
        retention.maxTotalSizeBytes() > 0
            && before.bytes() + log.lengthBytes() > retention.maxTotalSizeBytes();
    boolean tooMany = retention.maxCount() > 0 && before.count() >= retention.maxCount();
    boolean tooOld =
        !retention.maxAge().isZero()
            && Duration.between(log.timestamp(), now).compareTo(retention.maxAge()) > 0;
    return !tooLarge && !tooMany && !tooOld;
  }
}
