package dev.longshore.engine.maintenance;

import dev.longshore.engine.blob.StoreUsage;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskStats;
import java.util.List;
import java.util.Optional;

/// What a maintenance did.
///
/// @param outcomes the tasks that were run, in order
/// @param usage what it asked of the store
public record MaintenanceReport(MaintenanceMode mode, List<Outcome> outcomes, StoreUsage usage) {
  /// A task that ended well, and what it counted.
  public record Outcome(MaintenanceTask task, Optional<TaskStats> stats) {}
}
