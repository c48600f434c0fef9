package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.content.EpochUpkeep;
import dev.longshore.engine.content.V0Upkeep;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.UpgradeLock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Moves a repository of an old format to the newest, format 3 with epochs.
///
/// Steps: the format blob is kept as `kopia.repository.backup.<owner>`; a lock is put in it, which
/// keeps everybody else out; when all have had the time to see it, the index is copied to the first
/// epoch and the format blob says so; both indexes are compared; a blob that old programs cannot
/// read as an index is put among the V0 index blobs, and the lock goes. Each step may be cut off
/// anywhere: whoever begins again with the same owner goes on, and until the lock is gone
/// everything can be rolled back, as the V0 index stays.
///
/// Source: kopia 4ebb2be6c `cli/command_repository_upgrade.go`, `repo/format/upgrade_lock.go`.
public final class RepositoryUpgrade {
  private static final int NEWEST = 3;

  private final BlobStore store;
  private final String password;
  private final KeptKey key;
  private final ClientOptions client;
  private final OpenOptions options;
  private final Sleeper sleeper;
  private final Consumer<String> said;
  private final UpgradeBlobs blobs;

  /// @param store with retries; not closed by this
  /// @param said receives what is done, as sentences
  public RepositoryUpgrade(
      BlobStore store,
      String password,
      ClientOptions client,
      OpenOptions options,
      Sleeper sleeper,
      Consumer<String> said) {
    this(store, password, KeptKey.inMemory(), client, options, sleeper, said);
  }

  /// As above, with a key that may be known already.
  RepositoryUpgrade(
      BlobStore store,
      String password,
      KeptKey key,
      ClientOptions client,
      OpenOptions options,
      Sleeper sleeper,
      Consumer<String> said) {
    this.store = store;
    this.password = password;
    this.key = key;
    this.client = client;
    this.options = options;
    this.sleeper = sleeper;
    this.said = said;
    this.blobs = new UpgradeBlobs(store, password, key, options);
  }

  /// Upgrades, or goes on with an upgrade of the same owner.
  ///
  /// @throws BusyException if somebody else upgrades the repository
  /// @throws IllegalArgumentException if the plan breaks a rule; the message says which
  public void begin(UpgradePlan plan) throws RepositoryException {
    check(plan);
    if (!lock(plan)) {
      said.accept("Repository format is already up to date.");
      return;
    }
    said.accept("Repository upgrade lock intent has been placed.");
    if (plan.lockOnly()) {
      return;
    }
    if (blobs.load().format().epochParameters().enabled()) {
      said.accept("Repository indexes are in epochs already, no need to drain other clients.");
    } else {
      drain(plan);
      moveIndex(plan.ownerId());
    }
    validate(plan.ownerId());
    if (!plan.commit()) {
      said.accept("The upgrade is not committed: the lock stays.");
      return;
    }
    commit();
    said.accept("Repository has been successfully upgraded.");
  }

  private static void check(UpgradePlan plan) {
    if (!BlobId.isValid(UpgradeBlobs.BACKUP_PREFIX + plan.ownerId()) || plan.ownerId().isEmpty()) {
      throw new IllegalArgumentException(
          "the owner of the upgrade must be a word of safe characters, not " + plan.ownerId());
    }
    if (plan.ioDrainTimeout().compareTo(UpgradePlan.MIN_DRAIN) < 0 && !plan.unsafeTimings()) {
      throw new IllegalArgumentException(
          "the least time that clients must be given is "
              + UpgradePlan.MIN_DRAIN.toMinutes()
              + " minutes");
    }
    if (plan.ioDrainTimeout().compareTo(Duration.ZERO) <= 0
        || plan.maxClockDrift().compareTo(Duration.ZERO) <= 0
        || plan.statusPollInterval().compareTo(Duration.ZERO) <= 0
        || plan.statusPollInterval().compareTo(plan.ioDrainTimeout()) > 0) {
      throw new IllegalArgumentException(
          "times must be positive, and the poll interval no longer than the drain timeout");
    }
  }

  /// Puts the lock in place; false if there is nothing to upgrade.
  private boolean lock(UpgradePlan plan) throws RepositoryException {
    SharedFormat shared = blobs.load();
    RepositoryFormat format = shared.format();
    Optional<UpgradeLock> lock = format.findUpgradeLock();
    if (lock.isPresent()) {
      requireOwner(lock.get(), plan.ownerId());
      return true;
    }
    finishMoveAlone(shared);
    // A version alone says little: who has format 3 with V0 indexes was upgraded halfway.
    if (format.version() >= NEWEST && format.epochParameters().enabled()) {
      return false;
    }
    blobs.keep(shared, plan.ownerId());
    UpgradeLock made =
        new UpgradeLock(
            plan.ownerId(),
            options.clock().instant(),
            Duration.ZERO,
            plan.ioDrainTimeout(),
            plan.statusPollInterval(),
            "Upgrading from format version " + format.version() + " -> " + NEWEST,
            plan.maxClockDrift());
    blobs.write(
        shared, withVersion(format, NEWEST, format.epochParameters()).withUpgradeLock(made));
    return true;
  }

  private static RepositoryFormat withVersion(
      RepositoryFormat format, int version, EpochParameters epochs) {
    int index = epochs.enabled() ? 2 : format.indexVersion();
    return format.withParameters(version, format.maxPackSize(), index, epochs);
  }

  private static void requireOwner(UpgradeLock lock, String ownerId) throws BusyException {
    if (!lock.ownerId().equals(ownerId)) {
      throw new BusyException(
          "the repository is being upgraded by " + lock.ownerId() + ", not by " + ownerId);
    }
  }

  private UpgradeLock requireLock(SharedFormat shared) throws RepositoryException {
    return shared
        .format()
        .findUpgradeLock()
        .orElseThrow(() -> new NotFoundException("no upgrade of the repository is in progress"));
  }

  /// Waits until every client has seen the lock.
  private void drain(UpgradePlan plan) throws RepositoryException {
    while (true) {
      UpgradeLock lock = requireLock(blobs.load());
      requireOwner(lock, plan.ownerId());
      Instant now = options.clock().instant();
      if (lock.isFullyEstablished(now)) {
        said.accept("Successfully drained all repository clients, the lock is fully established.");
        return;
      }
      Duration left = Duration.between(now, lock.upgradeTime());
      said.accept("Waiting for " + left.toSeconds() + " s to allow all other clients to drain ...");
      Duration poll = lock.statusPollInterval();
      try {
        sleeper.sleep(left.compareTo(poll) < 0 ? left.plusMillis(1) : poll);
      } catch (InterruptedException e) {
        throw Faults.interrupted("wait for other clients; the lock stays", e);
      }
    }
  }

  private void moveIndex(String ownerId) throws RepositoryException {
    said.accept("Migrating current indexes to epoch format");
    SharedFormat shared;
    try (Repository repository = open(Optional.of(ownerId))) {
      V0Upkeep upkeep = v0(repository);
      List<BlobId> litter = upkeep.copyToEpochs();
      shared = blobs.load();
      requireOwner(requireLock(shared), ownerId);
      // The same owner may have begun twice: what is in force by now is no litter.
      requireV0(shared);
      upkeep.dropEpochs(litter);
    }
    blobs.write(shared, withVersion(shared.format(), NEWEST, EpochParameters.DEFAULT));
    said.accept("Repository indexes have been upgraded.");
  }

  private static void requireV0(SharedFormat shared) throws BusyException {
    if (shared.format().epochParameters().enabled()) {
      throw new BusyException("somebody else has moved the index meanwhile");
    }
  }

  private static V0Upkeep v0(Repository repository) throws RepositoryException {
    return repository
        .contents()
        .upkeep()
        .v0()
        .orElseThrow(() -> new BusyException("somebody else has moved the index meanwhile"));
  }

  private Repository open(Optional<String> ownerId) throws RepositoryException {
    var kept =
        new ForwardingStore(store) {
          @Override
          public void close() {}
        };
    OpenOptions own =
        new OpenOptions(
            options.clock(),
            options.random(),
            options.caching(),
            true,
            ownerId,
            true,
            false,
            options.warnings());
    return Repositories.open(kept, password, key, client, own);
  }

  /// Compares the index in epochs with the V0 index it was made from.
  ///
  /// @throws NotFoundException if no upgrade is in progress: afterwards they differ
  /// @throws DamagedException if they differ; the lock stays
  public void validate(String ownerId) throws RepositoryException {
    SharedFormat shared = blobs.load();
    requireOwner(requireLock(shared), ownerId);
    if (blobs.isOldIndexClosed()) {
      said.accept("The old index was compared and closed before.");
      return;
    }
    if (!blobs.hasOldIndex()) {
      said.accept("There is no old index to compare with.");
      return;
    }
    try (Repository repository = open(Optional.of(ownerId))) {
      EpochUpkeep epochs =
          repository
              .contents()
              .upkeep()
              .epochs()
              .orElseThrow(() -> new NotFoundException("the index is not in epochs yet"));
      List<String> found = epochs.compareWithV0();
      if (!found.isEmpty()) {
        throw new DamagedException(
            "the index in epochs is not the one it was made from: " + String.join("; ", found));
      }
    }
    said.accept("index validation succeeded");
  }

  private void commit() throws RepositoryException {
    SharedFormat shared = blobs.load();
    blobs.closeOldIndex(shared);
    blobs.write(shared, shared.format().withUpgradeLock(null));
    blobs.forgetKept();
  }

  /// Takes an upgrade back that has not ended: the format blob becomes what it was, whoever began.
  ///
  /// @throws NotFoundException if no upgrade is in progress, or the old format blob was not kept
  public void rollBack() throws RepositoryException {
    requireLock(blobs.load());
    blobs.restore(
        blobs
            .kept()
            .orElseThrow(() ->
                new NotFoundException(
                    "there is no blob " + UpgradeBlobs.BACKUP_PREFIX + "* to go back to")));
    said.accept("Repository upgrade lock has been revoked.");
  }

  /// Moves the index without a lock and without a way back, at once: nobody else may be at work.
  /// Format 1 becomes 2, others stay. Cut off anywhere it leaves a repository that can be used, and
  /// the next upgrade of either kind ends what it began.
  ///
  /// @return whether there was anything to do
  /// @throws BusyException if the repository is being upgraded
  public boolean upgradeAlone() throws RepositoryException {
    SharedFormat shared = blobs.load();
    if (shared.format().findUpgradeLock().isPresent()) {
      throw new BusyException(
          "the repository is being upgraded by " + requireLock(shared).ownerId());
    }
    RepositoryFormat format = shared.format();
    boolean moves = !format.epochParameters().enabled();
    if (!moves && format.version() >= 2) {
      return finishMoveAlone(shared);
    }
    if (moves) {
      said.accept("migrating current indexes to epoch format");
      try (Repository repository = open(Optional.empty())) {
        V0Upkeep upkeep = v0(repository);
        List<BlobId> litter = upkeep.copyToEpochs();
        requireV0(blobs.load());
        upkeep.dropEpochs(litter);
      }
    }
    blobs.write(
        shared,
        withVersion(
            format,
            Math.max(2, format.version()),
            moves ? EpochParameters.DEFAULT : format.epochParameters()));
    if (moves) {
      // Not before: the old index was in force, and nobody could have opened the repository.
      blobs.closeOldIndex(shared);
    }
    return true;
  }

  /// Closes an old index that a move without a lock left open when it was cut off: programs that
  /// know nothing of epochs would go on with it.
  ///
  /// @param shared without a lock
  /// @return whether it was open
  private boolean finishMoveAlone(SharedFormat shared) throws RepositoryException {
    if (!shared.format().epochParameters().enabled()
        || blobs.isOldIndexClosed()
        || !blobs.hasOldIndex()) {
      return false;
    }
    said.accept("Closing the old index, which an interrupted upgrade left open.");
    blobs.closeOldIndex(shared);
    return true;
  }
}
