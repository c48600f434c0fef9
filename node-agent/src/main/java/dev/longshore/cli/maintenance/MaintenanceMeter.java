package dev.longshore.cli.maintenance;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.maintenance.MaintenanceListener;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskStats;
import java.util.Locale;
import java.util.Optional;

/// Says on standard error what a maintenance is at.
public final class MaintenanceMeter implements MaintenanceListener, AutoCloseable {
  private final Cli cli;
  private final ProgressLine line;

  /// Tells on this terminal.
  public MaintenanceMeter(Cli cli) {
    this.cli = cli;
    this.line = cli.progressLine();
  }

  @Override
  public void begins(MaintenanceMode mode) {
    line.message("Running " + mode.name().toLowerCase(Locale.ROOT) + " maintenance...");
  }

  @Override
  public void taskEnds(MaintenanceTask task, Optional<TaskStats> stats) {
    String what =
        stats
            .flatMap(counted -> TaskSummary.of(counted.encode(), cli.sizes()))
            .orElse("nothing to do");
    line.message(task.id() + ": " + what);
  }

  @Override
  public void taskLeftOut(MaintenanceTask task, String why) {
    line.message(task.id() + ": not now: " + why);
  }

  @Override
  public void progress(String what, long done, long total) {
    line.update(() -> what + ": " + done + (total == 0 ? "" : " of " + total));
  }

  @Override
  public void warning(String text) {
    line.message("warning: " + text);
  }

  @Override
  public void close() {
    line.close();
  }
}
