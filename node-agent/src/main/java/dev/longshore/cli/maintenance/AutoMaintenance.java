package dev.longshore.cli.maintenance;

import dev.longshore.cli.Cli;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.engine.maintenance.MaintenanceSafety;
import dev.longshore.engine.repository.Repository;
import java.util.Optional;

/// Maintenance that follows a command which changed snapshots, if it is due and this client is the
/// owner.
public final class AutoMaintenance {
  private AutoMaintenance() {}

  /// Runs what is due. A failure is told and no more: what the user asked for has been done, and
  /// the failure is in the history of runs.
  public static void run(Cli cli, Repository repository) {
    if (!cli.autoMaintenance() || repository.client().readOnly()) {
      return;
    }
    Maintenance.Options usual = Maintenance.Options.of(MaintenanceMode.AUTO);
    Maintenance.Options options =
        new Maintenance.Options(
            MaintenanceMode.AUTO,
            MaintenanceSafety.FULL,
            false,
            false,
            usual.parallel(),
            Optional.of(cli.connection().configFile()));
    try (var meter = new MaintenanceMeter(cli)) {
      Maintenance.run(repository, options, cli.terminal().random(), meter);
    } catch (RepositoryException e) {
      cli.notice("repo: warning: maintenance failed: " + e.getMessage());
    }
  }
}
