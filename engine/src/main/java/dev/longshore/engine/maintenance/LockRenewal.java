package dev.longshore.engine.maintenance;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.TaskStats;
import dev.longshore.format.repository.BlobRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the store's locks on the blobs of a repository hold for another period.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/blob_retain.go`.
public final class LockRenewal {
  /// How much longer than the interval of full maintenance a lock must hold.
  private static final Duration MARGIN = Duration.ofHours(24);

  private LockRenewal() {}

  /// Why locks cannot be renewed with these parameters; empty if they can.
  public static Optional<String> problem(BlobRetention retention, MaintenanceParams params) {
    boolean tooShort =
        params.extendObjectLocks()
            && !retention.period().isZero()
            && retention.period().minus(params.full().interval()).compareTo(MARGIN) < 0;
    return tooShort
        ? Optional.of(
            "the repository's retention period (%d h) must be 24 h longer than the interval of full maintenance (%d h)"
                .formatted(retention.period().toHours(), params.full().interval().toHours()))
        : Optional.empty();
  }

  static Optional<TaskStats.ExtendedRetention> run(
      BlobStore store, BlobRetention retention, int parallel, boolean dryRun)
      throws RepositoryException {
    if (!retention.isEnabled()) {
      return Optional.empty();
    }
    Counter found = new Counter();
    Counter extended = new Counter();
    try (Scope scope = new Scope("renew locks", parallel)) {
      for (String prefix : BlobRetention.lockedPrefixes()) {
        List<BlobMetadata> blobs = new ArrayList<>();
        store.list(prefix, blobs::add);
        for (BlobMetadata blob : blobs) {
          found.add(blob.lengthBytes());
          if (!dryRun) {
            scope.fork(() -> {
              store.extendRetention(blob.id(), retention);
              extended.add(blob.lengthBytes());
            });
          }
        }
      }
      scope.join();
    }
    return Optional.of(
        new TaskStats.ExtendedRetention(
            found.count(), extended.count(), goText(retention.period())));
  }

  /// As Go prints whole seconds: `360h0m0s`.
  private static String goText(Duration period) {
    return period.toHours() + "h" + period.toMinutesPart() + "m" + period.toSecondsPart() + "s";
  }
}
