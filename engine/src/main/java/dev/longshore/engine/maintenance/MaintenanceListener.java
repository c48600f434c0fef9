package dev.longshore.engine.maintenance;

import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskStats;
import java.util.Optional;

/// Follows a maintenance. Progress is called by several threads, the rest by one.
public interface MaintenanceListener {
  /// Nobody listens.
  MaintenanceListener NONE = new MaintenanceListener() {};

  /// A maintenance begins.
  default void begins(MaintenanceMode mode) {}

  /// A task begins.
  default void taskBegins(MaintenanceTask task) {}

  /// A task has ended well.
  default void taskEnds(MaintenanceTask task, Optional<TaskStats> stats) {}

  /// A task is not run.
  default void taskLeftOut(MaintenanceTask task, String why) {}

  /// How far the task is.
  ///
  /// @param what is counted
  /// @param total 0 if that is not known
  default void progress(String what, long done, long total) {}

  /// Something that the user should know and that does not end the maintenance.
  default void warning(String text) {}
}
