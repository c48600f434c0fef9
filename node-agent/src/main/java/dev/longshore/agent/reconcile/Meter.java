package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;

/// Is told what happens to transfers, for metrics.
public interface Meter {
  /// Counts nothing.
  Meter NONE = new Meter() {};

  /// A transfer was taken on.
  default void accepted(Transfer transfer) {}

  /// A mover was lost.
  default void lost(Transfer transfer) {}

  /// A transfer is over.
  ///
  /// @param took since it was created
  default void ended(
      Transfer transfer, Phase outcome, String node, TaskReport report, Duration took) {}
}
