package dev.longshore.mover.upkeep;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.repository.MaintenanceInfo;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.TaskRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Who maintains a repository: all movers together, as one client.
final class MaintenanceOwner {
  /// An owner that has not been heard of for so many of its own full intervals is gone.
  private static final int INTERVALS = 2;

  private MaintenanceOwner() {}

  /// Makes the movers the owner of a new repository, unless they are.
  ///
  /// @param fullInterval zero for the default
  static void set(Repository repository, Duration fullInterval) throws RepositoryException {
    String owner = Maintenance.name(repository.client());
    if (repository.maintenance().params().owner().equals(owner)) {
      return;
    }
    MaintenanceParams plain = MaintenanceParams.defaults(owner);
    MaintenanceParams.Cycle full =
        fullInterval.isZero() ? plain.full() : new MaintenanceParams.Cycle(true, fullInterval);
    write(
        repository,
        new MaintenanceParams(
            owner,
            plain.quick(),
            full,
            plain.logRetention(),
            plain.extendObjectLocks(),
            plain.listParallelism()));
  }

  /// Makes the movers the owner if nobody else is, or seems to be alive.
  ///
  /// @return who the owner is then
  static String take(Repository repository) throws RepositoryException {
    String own = Maintenance.name(repository.client());
    MaintenanceInfo info = repository.maintenance();
    MaintenanceParams params = info.params();
    if (params.owner().equals(own)) {
      return own;
    }
    if (!params.owner().isEmpty() && isAlive(info, repository.clock().instant())) {
      return params.owner();
    }
    write(
        repository,
        new MaintenanceParams(
            own,
            params.quick(),
            params.full(),
            params.logRetention(),
            params.extendObjectLocks(),
            params.listParallelism()));
    return own;
  }

  private static boolean isAlive(MaintenanceInfo info, Instant now) {
    Duration silence = info.params().full().interval().multipliedBy(INTERVALS);
    return info.schedule().runs().values().stream()
        .flatMap(List::stream)
        .map(TaskRun::end)
        .anyMatch(end -> end.plus(silence).isAfter(now));
  }

  private static void write(Repository repository, MaintenanceParams params)
      throws RepositoryException {
    var _ =
        repository.write(
            WriteOptions.forPurpose("maintenance parameters"),
            writer -> writer.manifests().replace(MaintenanceParams.LABELS, params.encode()));
  }
}
