package dev.longshore.mover.upkeep;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.MoverTask;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.store.RepositoryAccess;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Connects to a namespace's repository, and makes it where there is none.
///
/// | `kopia.repository` | `udmrepo.Repository` | then |
/// |---|---|---|
/// | no | no, nor anything else | it is made |
/// | no | whatever else there is | [Reasons#FOREIGN_DATA] |
/// | yes | no | what is missing is written |
/// | yes | of the same id | it is ready |
/// | yes | of another id | [Reasons#REPOSITORY_MISMATCH] |
///
/// A repository is made in four steps: `kopia.blobcfg`, `kopia.repository`, the maintenance
/// parameters, the marker. Whoever comes after a death between two of them goes on. Of several that
/// make it at the same time the first to put `kopia.repository` wins; a `kopia.blobcfg` that one of
/// the others left, which only the loser's key opens, is removed as long as the marker is missing:
/// it says no more than that nothing is locked, as does its absence.
public final class PrepareTask implements MoverTask {
  private static final BlobId FORMAT = new BlobId("kopia.repository");
  private static final BlobId RETENTION = new BlobId(BlobRetention.BLOB_NAME);

  private static final String HASH_VARIABLE = "KOPIA_HASHING_ALGORITHM";
  private static final String ENCRYPTION_VARIABLE = "KOPIA_ENCRYPTION_ALGORITHM";
  private static final String SPLITTER_VARIABLE = "KOPIA_SPLITTER_ALGORITHM";

  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;

  public PrepareTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(PrepareTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    BlobStore store = openStore();
    boolean handedOver = false;
    try {
      String what = "connected";
      if (store.metadata(FORMAT).isEmpty()) {
        refuseForeign(store);
        create(store);
        what = "created";
      }
      Optional<byte[]> marker = RepositoryMarker.read(store);
      byte[] uniqueId = Repositories.uniqueId(store);
      if (marker.isPresent()) {
        RepositoryMarker.check(marker.get(), uniqueId);
      } else if (access.isReadOnly()) {
        throw missing("the repository is not finished, and the storage location is read-only");
      }
      try (Repository repository = open(store, marker.isEmpty())) {
        handedOver = true;
        if (marker.isEmpty()) {
          what = what.equals("created") ? what : "finished";
          finish(repository, store, uniqueId);
        }
        return report(repository, what);
      }
    } finally {
      if (!handedOver) {
        store.close();
      }
    }
  }

  private BlobStore openStore() throws RepositoryException, MoverFailure {
    try {
      return access.openStore(!access.isReadOnly());
    } catch (NotFoundException e) {
      throw missing(Reasons.message(e));
    }
  }

  private static MoverFailure missing(String message) {
    return new MoverFailure(Reasons.REPOSITORY_MISSING, message, false);
  }

  /// Nothing may be where the repository is to be, but for what a death in the middle of its making
  /// has left.
  private void refuseForeign(BlobStore store) throws RepositoryException, MoverFailure {
    Set<String> others = new TreeSet<>();
    boolean[] rest = new boolean[1];
    store.list(
        "",
        blob -> {
          if (blob.id().equals(RETENTION)) {
            rest[0] = true;
          } else if (others.size() < 3) {
            others.add(blob.id().value());
          }
        });
    // Another may have made it since we looked.
    if (store.metadata(FORMAT).isPresent()) {
      return;
    }
    String place = store.description().displayName();
    if (!others.isEmpty()) {
      throw new MoverFailure(
          Reasons.FOREIGN_DATA,
          "there are data, but no repository in " + place + ": " + String.join(", ", others),
          false);
    }
    if (access.isReadOnly()) {
      throw missing("there is no repository in " + place);
    }
    if (rest[0]) {
      log.warning("removing " + RETENTION + ", the rest of a repository that was not finished");
      store.delete(RETENTION);
    }
  }

  private void create(BlobStore store) throws RepositoryException, MoverFailure {
    CreateOptions plain = CreateOptions.DEFAULT;
    CreateOptions options =
        plain.withAlgorithms(
            chosen(HASH_VARIABLE, plain.hash()),
            chosen(ENCRYPTION_VARIABLE, plain.encryption()),
            chosen(SPLITTER_VARIABLE, plain.splitter()));
    try {
      Repositories.create(store, options, access.password(), run.surroundings().random());
    } catch (IllegalArgumentException e) {
      throw new MoverFailure(Reasons.BAD_OPTIONS, Reasons.message(e), false, e);
    } catch (ExistsException | StoreException e) {
      if (store.metadata(FORMAT).isPresent()) {
        log.info("another made the repository at the same time");
      } else if (e instanceof ExistsException) {
        throw new MoverFailure(Reasons.REPOSITORY_BUSY, Reasons.message(e), true, e);
      } else {
        throw e;
      }
    }
  }

  private String chosen(String variable, String otherwise) {
    String value = run.surroundings().variable(variable).strip();
    return value.isEmpty() ? otherwise : value;
  }

  /// @param unfinished a blob of another maker may be in the way
  private Repository open(BlobStore store, boolean unfinished)
      throws RepositoryException, MoverFailure {
    try {
      return access.open(store, false);
    } catch (DamagedException e) {
      if (!unfinished || store.metadata(RETENTION).isEmpty()) {
        throw e;
      }
      log.warning("removing " + RETENTION + ", which another maker of the repository left");
      store.delete(RETENTION);
      return access.open(store, false);
    }
  }

  private void finish(Repository repository, BlobStore store, byte[] uniqueId)
      throws RepositoryException, MoverFailure {
    long seconds = run.options().number(TaskOption.FULL_MAINTENANCE_SECONDS, 0);
    MaintenanceOwner.set(repository, Duration.ofSeconds(seconds));
    RepositoryMarker.write(store, uniqueId);
  }

  private static TaskReport report(Repository repository, String what) {
    return TaskReport.completed(
        "",
        0,
        0,
        Map.of(
            "repository", what,
            "uniqueID", HexFormat.of().formatHex(repository.uniqueId()),
            "hash", repository.format().hash(),
            "encryption", repository.format().encryption(),
            "splitter", repository.format().splitter(),
            "formatVersion", Integer.toString(repository.format().version())));
  }
}
