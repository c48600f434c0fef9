package dev.longshore.mover.upkeep;

import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.maintenance.MaintenanceListener;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.engine.maintenance.MaintenanceReport;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskStats;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.MoverTask;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.store.RepositoryAccess;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Maintains a repository, quick or full as its schedule says, or not at all.
///
/// Told to stop, it ends between two requests to the store; killing it harms nothing either. The
/// next one goes on.
public final class MaintainTask implements MoverTask {
  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;

  public MaintainTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(MaintainTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    if (access.isReadOnly()) {
      throw new MoverFailure(
          Reasons.BAD_LOCATION, "the storage location is read-only: nothing is maintained", false);
    }
    try (Repository repository = access.open()) {
      String owner = MaintenanceOwner.take(repository);
      Map<String, String> details = new TreeMap<>();
      details.put("owner", owner);
      if (!owner.equals(Maintenance.name(repository.client()))) {
        log.warning(owner + " maintains this repository, and has done so lately");
        details.put("mode", "none");
        return TaskReport.completed("", 0, 0, details);
      }
      Optional<MaintenanceReport> report =
          Maintenance.run(
              repository,
              Maintenance.Options.of(MaintenanceMode.AUTO),
              run.surroundings().random(),
              new Listener());
      details.put("mode", "none");
      report.ifPresent(done -> {
        details.put("mode", done.mode().name().toLowerCase(Locale.ROOT));
        details.put("requests", Long.toString(done.usage().requests()));
        details.put("readBytes", Long.toString(done.usage().readBytes()));
        details.put("writtenBytes", Long.toString(done.usage().writtenBytes()));
        details.put("tasks", Integer.toString(done.outcomes().size()));
      });
      return TaskReport.completed("", 0, 0, details);
    }
  }

  private final class Listener implements MaintenanceListener {
    @Override
    public void begins(MaintenanceMode mode) {
      log.info("maintenance begins: " + mode.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void taskEnds(MaintenanceTask task, Optional<TaskStats> stats) {
      log.info("maintenance task " + task.id() + " is done");
    }

    @Override
    public void taskLeftOut(MaintenanceTask task, String why) {
      log.info("maintenance task " + task.id() + " is left out: " + why);
    }

    @Override
    public void warning(String text) {
      log.warning(text);
    }
  }
}
