package dev.longshore.agent.repository;

import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.util.Map;

/// Is told what is done for repositories, for metrics.
public interface UpkeepMeter {
  /// Counts nothing.
  UpkeepMeter NONE = new UpkeepMeter() {};

  /// A repository was maintained, or should have been.
  default void maintained(String repository, boolean good, Duration took) {}

  /// Some of a repository was read back.
  default void verified(String repository, TaskReport report) {}

  /// So many objects of each kind belong to nobody any more.
  default void leaked(Map<String, Integer> counts) {}

  /// Snapshots of backups that are gone were deleted.
  default void forgotten(int snapshots) {}
}
