package dev.longshore.engine.maintenance;

import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.MaintenanceInfo;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Runs the maintenance of a repository, as its owner, one at a time.
///
/// It may be cut off anywhere: the next one goes on. It may run beside writers and readers of other
/// clients, as long as it waits as [MaintenanceSafety#FULL] says.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_run.go`,
/// `snapshot/snapshotmaintenance/snapshotmaintenance.go`.
public final class Maintenance {
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

  private Maintenance() {}

  /// How to run.
  ///
  /// @param mode what to run; [MaintenanceMode#AUTO] does nothing for a client that is not the
  ///   owner
  /// @param force run although another client is the owner
  /// @param dryRun say what would be done, and change nothing
  /// @param parallel reads from the store at once
  /// @param connection the connection's file, beside which the lock is; empty for no lock
  public record Options(
      MaintenanceMode mode,
      MaintenanceSafety safety,
      boolean force,
      boolean dryRun,
      int parallel,
      Optional<Path> connection) {
    /// What usually is run.
    public static Options of(MaintenanceMode mode) {
      int parallel = 2 * Runtime.getRuntime().availableProcessors();
      return new Options(mode, MaintenanceSafety.FULL, false, false, parallel, Optional.empty());
    }
  }

  /// Runs what is due or asked for.
  ///
  /// @param random for keys of hash tables; need not be secure
  /// @return what was done; empty if nothing was due, or somebody else is at it
  /// @throws BusyException if another client is the owner, or another process of this client is at
  ///   it, unless the mode is `AUTO`
  /// @throws DamagedException if the clocks of store and client differ
  public static Optional<MaintenanceReport> run(
      Repository repository, Options options, RandomGenerator random, MaintenanceListener listener)
      throws RepositoryException {
    if (repository.client().readOnly()) {
      throw new UnsupportedException("maintenance cannot run on a read-only connection");
    }
    boolean auto = options.mode == MaintenanceMode.AUTO;
    MaintenanceInfo info = repository.maintenance();
    if (!options.force && !isOwner(repository.client(), info.params())) {
      if (auto) {
        return Optional.empty();
      }
      throw notOwner(info.params().owner(), name(repository.client()));
    }
    Optional<MaintenanceMode> mode =
        auto
            ? MaintenanceRules.due(info.params(), info.schedule(), repository.clock().instant())
            : Optional.of(options.mode);
    if (mode.isEmpty()) {
      return Optional.empty();
    }
    if (options.dryRun || options.connection.isEmpty()) {
      return Optional.of(runAlone(repository, options, mode.get(), random, listener));
    }
    Optional<MaintenanceLock> lock =
        MaintenanceLock.tryTake(MaintenanceLock.file(options.connection.get()));
    if (lock.isEmpty()) {
      if (auto) {
        return Optional.empty();
      }
      throw new BusyException("maintenance is running in another process of this client");
    }
    try (MaintenanceLock _ = lock.get()) {
      return Optional.of(runAlone(repository, options, mode.get(), random, listener));
    }
  }

  private static BusyException notOwner(String owner, String client) {
    return new BusyException(
        "maintenance must be run by its owner, %s, and this client is %s (see `repo maintenance set --owner`)"
            .formatted(owner.isEmpty() ? "who is not set" : owner, client));
  }

  /// Tells whether a client is the one that maintains the repository.
  public static boolean isOwner(ClientOptions client, MaintenanceParams params) {
    return params.owner().equals(name(client));
  }

  /// A client's name as an owner.
  public static String name(ClientOptions client) {
    return client.username() + "@" + client.hostname();
  }

  private static MaintenanceReport runAlone(
      Repository repository,
      Options options,
      MaintenanceMode mode,
      RandomGenerator random,
      MaintenanceListener listener)
      throws RepositoryException {
    var before = repository.usage();
    // What was read above may be from before another process of this client had its turn.
    MaintenanceInfo info = repository.maintenance();
    MaintenanceSchedule schedule = pushed(info, mode, repository.clock().instant());
    Instant start = options.dryRun ? repository.clock().instant() : begin(repository, schedule);
    listener.begins(mode);
    repository.refresh();
    RunHistory history = new RunHistory(repository, schedule, listener, options.dryRun);
    new MaintenanceTasks(
            repository,
            new MaintenanceTasks.Plan(info.params(), options, start),
            random,
            listener,
            history)
        .run(mode);
    repository.refresh();
    return new MaintenanceReport(mode, history.outcomes(), repository.usage().since(before));
  }

  /// The schedule with the next time of what runs now: whoever dies in it does not do so at once
  /// again.
  private static MaintenanceSchedule pushed(
      MaintenanceInfo info, MaintenanceMode mode, Instant now) {
    MaintenanceParams params = info.params();
    MaintenanceSchedule schedule = info.schedule();
    Instant full =
        mode == MaintenanceMode.FULL ? now.plus(params.full().interval()) : schedule.nextFull();
    return schedule.withNext(full, now.plus(params.quick().interval()));
  }

  /// Writes the schedule; the store's time of that is when the maintenance began.
  private static Instant begin(Repository repository, MaintenanceSchedule schedule)
      throws RepositoryException {
    repository.putMaintenanceSchedule(schedule);
    Instant stored =
        repository
            .blobs()
            .metadata(MaintenanceInfo.SCHEDULE_BLOB)
            .map(BlobMetadata::timestamp)
            .orElseThrow(() ->
                new DamagedException(
                    MaintenanceInfo.SCHEDULE_BLOB + " is missing though it was put"));
    Instant local = repository.clock().instant();
    Duration skew = Duration.between(local, stored).abs();
    if (skew.compareTo(MAX_CLOCK_SKEW) > 0) {
      throw new DamagedException(
          "the clocks of this machine (%s) and of the store (%s) differ by %d seconds, more than %d: maintenance would not know what is old"
              .formatted(local, stored, skew.toSeconds(), MAX_CLOCK_SKEW.toSeconds()));
    }
    return stored;
  }
}
