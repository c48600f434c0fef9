package dev.longshore.engine.maintenance;

import static dev.longshore.format.maintenance.MaintenanceTask.FULL_DELETE_BLOBS;
import static dev.longshore.format.maintenance.MaintenanceTask.FULL_REWRITE_CONTENTS;
import static dev.longshore.format.maintenance.MaintenanceTask.QUICK_DELETE_BLOBS;
import static dev.longshore.format.maintenance.MaintenanceTask.QUICK_REWRITE_CONTENTS;
import static dev.longshore.format.maintenance.MaintenanceTask.SNAPSHOT_GC;

import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What may be done now, by the history of runs. Decisions only.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_run.go`; checked against
/// `maintenance-timeline.txt`.
public final class MaintenanceRules {
  private MaintenanceRules() {}

  /// Which cycle is due; empty if none.
  public static Optional<MaintenanceMode> due(
      MaintenanceParams params, MaintenanceSchedule schedule, Instant now) {
    if (params.full().enabled() && !now.isBefore(schedule.nextFull())) {
      return Optional.of(MaintenanceMode.FULL);
    }
    if (params.quick().enabled() && !now.isBefore(schedule.nextQuick())) {
      return Optional.of(MaintenanceMode.QUICK);
    }
    return Optional.empty();
  }

  /// Whether contents may be moved: not before the packs that the last time left behind were
  /// deleted, or that would never happen.
  ///
  /// @param full in a full maintenance, which does not mind quick ones
  static boolean mayRewrite(MaintenanceSchedule schedule, MaintenanceSafety safety, boolean full) {
    Instant rewritten =
        full
            ? lastEnd(schedule, TaskRun::success, FULL_REWRITE_CONTENTS)
            : lastEnd(schedule, TaskRun::success, FULL_REWRITE_CONTENTS, QUICK_REWRITE_CONTENTS);
    if (rewritten.equals(Instant.MIN) || safety.afterRewrite().isZero()) {
      return true;
    }
    Instant deleted = lastEnd(schedule, TaskRun::success, FULL_DELETE_BLOBS, QUICK_DELETE_BLOBS);
    return !deleted.isBefore(rewritten);
  }

  /// When packs may be deleted. Runs that failed or were cut off count as well, unlike in Kopia:
  /// they may have moved contents.
  static Instant nextPackDeletion(MaintenanceSchedule schedule, MaintenanceSafety safety) {
    Instant rewritten =
        lastEnd(schedule, run -> true, FULL_REWRITE_CONTENTS, QUICK_REWRITE_CONTENTS);
    return rewritten.equals(Instant.MIN) ? rewritten : rewritten.plus(safety.afterRewrite());
  }

  /// Whether the last rewriting was of all packs, so that all must be looked at for deletion.
  static boolean lastRewriteWasFull(MaintenanceSchedule schedule) {
    return !lastEnd(schedule, TaskRun::success, FULL_REWRITE_CONTENTS)
        .isBefore(lastEnd(schedule, TaskRun::success, QUICK_REWRITE_CONTENTS));
  }

  private static Instant lastEnd(
      MaintenanceSchedule schedule, Predicate<TaskRun> counts, MaintenanceTask... tasks) {
    Instant last = Instant.MIN;
    for (MaintenanceTask task : tasks) {
      for (TaskRun run : schedule.runsOf(task.id())) {
        if (counts.test(run) && run.end().isAfter(last)) {
          last = run.end();
        }
      }
    }
    return last;
  }

  /// Tombstones from before this time are final; empty if that is not known of any.
  ///
  /// A collection may mark contents that a snapshot being made at the same time has come to need.
  /// The next collection, if it is late enough to see that snapshot, revives them. So what was
  /// marked before the earlier of two such collections began stays dead.
  static Optional<Instant> safeDropTime(MaintenanceSchedule schedule, MaintenanceSafety safety) {
    List<TaskRun> runs =
        schedule.runsOf(SNAPSHOT_GC.id()).stream()
            .filter(TaskRun::success)
            .sorted(Comparator.comparing(TaskRun::start).reversed())
            .toList();
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    Instant latest = runs.getFirst().start();
    return runs.stream()
        .skip(1)
        .filter(
            run -> Duration.between(run.end(), latest).compareTo(safety.betweenCollections()) > 0)
        .findFirst()
        .map(run -> run.start().minus(safety.dropMargin()));
  }
}
