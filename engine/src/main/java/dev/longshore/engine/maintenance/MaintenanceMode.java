package dev.longshore.engine.maintenance;

/// How much of maintenance is run.
public enum MaintenanceMode {
  /// What is due by the schedule, or nothing.
  AUTO,
  /// What keeps the index small; seconds.
  QUICK,
  /// Garbage collection and all the rest; reads every directory of every snapshot.
  FULL
}
