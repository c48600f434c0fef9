package dev.longshore.engine.maintenance;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.TaskStats;
import dev.longshore.format.repository.BlobRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    Renewal renewal = new Renewal(store, retention, dryRun);
    try (Scope scope = new Scope("renew locks", parallel)) {
      for (String prefix : BlobRetention.lockedPrefixes()) {
        List<BlobMetadata> blobs = new ArrayList<>();
        store.list(prefix, blobs::add);
        for (BlobMetadata blob : blobs) {
          scope.fork(() -> renewal.renew(blob));
        }
      }
      scope.join();
    }
    return Optional.of(renewal.end());
  }

  /// One run; called by several threads.
  private static final class Renewal {
    private final BlobStore store;
    private final BlobRetention retention;
    private final boolean dryRun;
    private final Counter found = new Counter();
    private final Counter extended = new Counter();
    private final Counter failed = new Counter();
    private @Nullable RepositoryException firstFault;

    Renewal(BlobStore store, BlobRetention retention, boolean dryRun) {
      this.store = store;
      this.retention = retention;
      this.dryRun = dryRun;
    }

    /// A blob whose lock cannot be renewed does not leave the others without.
    ///
    /// @throws UnsupportedException if the store cannot lock at all
    void renew(BlobMetadata blob) throws UnsupportedException {
      found.add(blob.lengthBytes());
      if (dryRun) {
        return;
      }
      try {
        store.extendRetention(blob.id(), retention);
        extended.add(blob.lengthBytes());
      } catch (UnsupportedException e) {
        throw e;
      } catch (NotFoundException e) {
        return; // deleted since it was listed
      } catch (RepositoryException e) {
        failed.add(blob.lengthBytes());
        note(e);
      }
    }

    private synchronized void note(RepositoryException fault) {
      firstFault = firstFault == null ? fault : firstFault;
    }

    synchronized TaskStats.ExtendedRetention end() throws StoreException {
      if (firstFault != null) {
        throw new StoreException(
            "the locks of "
                + failed.count()
                + " of "
                + found.count()
                + " blobs were not extended: "
                + firstFault.getMessage(),
            Retry.NEVER,
            firstFault);
      }
      return new TaskStats.ExtendedRetention(
          found.count(), extended.count(), goText(retention.period()));
    }
  }

  /// As Go prints whole seconds: `360h0m0s`.
  private static String goText(Duration period) {
    return period.toHours() + "h" + period.toMinutesPart() + "m" + period.toSecondsPart() + "s";
  }
}
