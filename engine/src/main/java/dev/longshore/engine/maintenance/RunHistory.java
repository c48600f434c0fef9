package dev.longshore.engine.maintenance;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskRun;
import dev.longshore.format.maintenance.TaskStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs tasks and writes down in the repository how each went. For one thread.
final class RunHistory {
  private static final String UNFINISHED = "not finished";

  private final Repository repository;
  private final MaintenanceListener listener;
  private final boolean dryRun;
  private final List<MaintenanceReport.Outcome> outcomes = new ArrayList<>();
  private MaintenanceSchedule schedule;

  /// What a task does.
  @FunctionalInterface
  interface Task {
    Optional<? extends TaskStats> run() throws RepositoryException;
  }

  /// Writes down that a task has come so far.
  @FunctionalInterface
  interface Step {
    void done() throws RepositoryException;
  }

  /// A task that publishes on the way.
  @FunctionalInterface
  interface SteppingTask {
    Optional<? extends TaskStats> run(Step step) throws RepositoryException;
  }

  /// @param dryRun write nothing
  RunHistory(
      Repository repository,
      MaintenanceSchedule schedule,
      MaintenanceListener listener,
      boolean dryRun) {
    this.repository = repository;
    this.schedule = schedule;
    this.listener = listener;
    this.dryRun = dryRun;
  }

  MaintenanceSchedule schedule() {
    return schedule;
  }

  /// The tasks that were run so far.
  List<MaintenanceReport.Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  void leaveOut(MaintenanceTask task, String why) {
    listener.taskLeftOut(task, why);
  }

  /// Runs a task; a failed one is written down, too, and thrown.
  void run(MaintenanceTask task, Task body) throws RepositoryException {
    listener.taskBegins(task);
    Instant start = repository.clock().instant();
    try {
      succeeded(task, start, body.run(), false);
    } catch (RepositoryException e) {
      write(schedule.withRun(task.id(), failed(start, String.valueOf(e.getMessage()))), e);
      throw e;
    }
  }

  /// Runs a task whose beginning matters, even if the process dies in it: what other tasks must
  /// wait for is counted from its last step.
  void runStepping(MaintenanceTask task, SteppingTask body) throws RepositoryException {
    listener.taskBegins(task);
    Instant start = repository.clock().instant();
    write(schedule.withRun(task.id(), failed(start, UNFINISHED)));
    try {
      Optional<? extends TaskStats> stats =
          body.run(() -> write(schedule.withNewestRun(task.id(), failed(start, UNFINISHED))));
      succeeded(task, start, stats, true);
    } catch (RepositoryException e) {
      write(schedule.withNewestRun(task.id(), failed(start, String.valueOf(e.getMessage()))), e);
      throw e;
    }
  }

  private void succeeded(
      MaintenanceTask task, Instant start, Optional<? extends TaskStats> stats, boolean begun)
      throws RepositoryException {
    List<TaskRun.Extra> extra = stats.stream().map(TaskStats::encode).toList();
    TaskRun run = new TaskRun(start, repository.clock().instant(), true, "", extra);
    write(begun ? schedule.withNewestRun(task.id(), run) : schedule.withRun(task.id(), run));
    Optional<TaskStats> counted = stats.map(TaskStats.class::cast);
    outcomes.add(new MaintenanceReport.Outcome(task, counted));
    listener.taskEnds(task, counted);
  }

  private TaskRun failed(Instant start, String error) {
    return new TaskRun(start, repository.clock().instant(), false, error, List.of());
  }

  private void write(MaintenanceSchedule changed, RepositoryException fault) {
    try {
      write(changed);
    } catch (RepositoryException second) {
      fault.addSuppressed(second);
    }
  }

  private void write(MaintenanceSchedule changed) throws RepositoryException {
    schedule = changed;
    if (!dryRun) {
      repository.putMaintenanceSchedule(changed);
    }
  }
}
