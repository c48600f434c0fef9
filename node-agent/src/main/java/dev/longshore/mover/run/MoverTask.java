package dev.longshore.mover.run;

import dev.longshore.mover.task.TaskReport;
import java.io.IOException;

/// What a mover is started for.
@FunctionalInterface
public interface MoverTask {
  /// Does it; returns early, with a report of that, if it is cancelled.
  ///
  /// @throws MoverFailure if it cannot be done
  /// @throws IOException if the repository or the volume fails in a way that its kind tells
  TaskReport run() throws IOException, MoverFailure;
}
