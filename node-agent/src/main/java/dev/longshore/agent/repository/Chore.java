package dev.longshore.agent.repository;

import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.time.Instant;

/// A job that a mover has for a repository, as far as it has come.
sealed interface Chore {
  KubeObject job();

  /// It has not ended.
  record Running(KubeObject job) implements Chore {}

  /// It is over.
  record Ended(KubeObject job, TaskReport report, Instant start, Instant end) implements Chore {
    /// Reason of a report that no mover has made.
    static final String LOST = "PodLost";

    /// Whether its pod ended without saying how.
    boolean isLost() {
      return report.reason().equals(LOST);
    }

    boolean isGood() {
      return report.outcome() == TaskReport.Outcome.COMPLETED;
    }

    Duration took() {
      return Duration.between(start, end);
    }
  }
}
