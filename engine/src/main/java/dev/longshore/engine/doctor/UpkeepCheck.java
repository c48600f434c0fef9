package dev.longshore.engine.doctor;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.MaintenanceInfo;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.repository.BlobRetention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whether somebody looks after the repository: maintenance, locks, retention.
final class UpkeepCheck {
  private static final int MANY_INDEX_BLOBS = 2000;

  private final Repository repository;
  private final List<Finding> findings = new ArrayList<>();

  UpkeepCheck(Repository repository) {
    this.repository = repository;
  }

  /// @throws RepositoryException if the store fails
  List<Finding> run() throws RepositoryException {
    repository
        .format()
        .findUpgradeLock()
        .ifPresent(lock ->
            findings.add(
                Finding.warning(
                    "lock",
                    "The repository is being upgraded by " + lock.ownerId() + ".",
                    List.of(),
                    "wait until it has ended, or end it with the program that began it")));
    try {
      MaintenanceInfo info = repository.maintenance();
      maintenance(info);
      retention(info.params());
    } catch (DamagedException | NotFoundException e) {
      findings.add(
          Finding.damage(
              "maintenance",
              "Who maintains the repository, and when, cannot be read: " + e.getMessage(),
              List.of(),
              "repo maintenance set --owner=me",
              "repo blob delete --dangerous-commands=enabled kopia.maintenance, if it is that"
                  + " blob"));
    }
    int indexBlobs = repository.contents().activeIndexBlobs().size();
    if (indexBlobs > MANY_INDEX_BLOBS) {
      findings.add(
          Finding.warning(
              "index",
              indexBlobs + " index blobs are in force, which makes every client slow.",
              List.of(),
              "repo maintenance run --full"));
    }
    return findings;
  }

  private void maintenance(MaintenanceInfo info) {
    MaintenanceParams params = info.params();
    if (params.owner().isEmpty()) {
      findings.add(
          Finding.warning(
              "maintenance",
              "Nobody maintains the repository: it only grows.",
              List.of(),
              "repo maintenance set --owner=me"));
      return;
    }
    if (!params.full().enabled()) {
      findings.add(
          Finding.warning(
              "maintenance",
              "Full maintenance is turned off: what snapshots do not need is never deleted.",
              List.of(),
              "repo maintenance set --enable-full=true"));
      return;
    }
    Instant next = info.schedule().nextFull();
    Instant now = repository.clock().instant();
    Duration interval = params.full().interval();
    if (next.isAfter(Instant.EPOCH) && now.isAfter(next.plus(interval))) {
      findings.add(
          Finding.warning(
              "maintenance",
              "Full maintenance is overdue since " + next + ".",
              List.of("its owner is " + params.owner()),
              "repo maintenance run --full, as the owner"));
    }
  }

  private void retention(MaintenanceParams params) throws RepositoryException {
    BlobRetention retention = repository.status().retention();
    if (!retention.problems().isEmpty()) {
      findings.add(
          Finding.warning(
              "retention",
              "The retention of blobs makes no sense.",
              retention.problems(),
              "repo repository set-parameters --retention-mode=… --retention-period=…"));
    } else if (retention.isEnabled() && !params.extendObjectLocks()) {
      findings.add(
          Finding.warning(
              "retention",
              "Blobs are locked for a time and the lock is not extended: old packs can be deleted"
                  + " by whoever has the keys of the store.",
              List.of(),
              "repo maintenance set --extend-object-locks=true"));
    }
  }
}
