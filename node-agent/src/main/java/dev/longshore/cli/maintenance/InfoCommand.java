package dev.longshore.cli.maintenance;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.maintenance.TaskRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `maintenance info`.
@Command(name = "info", aliases = "status", description = "Show owner, schedule and recent runs.")
final class InfoCommand extends RepoCommand {
  @Option(names = "--json", negatable = true, description = "Print JSON.")
  boolean json;

  InfoCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      MaintenanceParams params = repository.maintenance().params();
      MaintenanceSchedule schedule = repository.maintenance().schedule();
      if (json) {
        cli.out().println(json(params, schedule));
      } else {
        print(params, schedule);
      }
    }
    return ExitCode.OK;
  }

  private void print(MaintenanceParams params, MaintenanceSchedule schedule) {
    print("Owner: " + params.owner());
    print("Quick Cycle:");
    printCycle(params.quick(), schedule.nextQuick());
    print("Full Cycle:");
    printCycle(params.full(), schedule.nextFull());
    var logs = params.logRetentionOrDefault();
    print("Log Retention:");
    print("  max count:       " + logs.maxCount());
    print("  max age of logs: " + GoDurations.format(logs.maxAge()));
    print("  max total size:  " + cli.sizes().bytes(logs.maxTotalSizeBytes()));
    print("Object Lock Extension: " + (params.extendObjectLocks() ? "enabled" : "disabled"));
    if (params.listParallelism() != 0) {
      print("List parallelism: " + params.listParallelism());
    }
    print("Recent Maintenance Runs:");
    schedule
        .runs()
        .forEach((task, runs) -> {
          print("  " + task + ":");
          runs.forEach(run -> print("    " + line(run)));
        });
  }

  private void printCycle(MaintenanceParams.Cycle cycle, Instant next) {
    print("  scheduled: " + cycle.enabled());
    if (!cycle.enabled()) {
      return;
    }
    print("  interval: " + GoDurations.format(cycle.interval()));
    Instant now = cli.terminal().clock().instant();
    if (now.isBefore(next)) {
      Duration left = Duration.ofSeconds(Duration.between(now, next).toSeconds());
      print(
          "  next run: %s (in %s)".formatted(cli.times().seconds(next), GoDurations.format(left)));
    } else {
      print("  next run: now");
    }
  }

  private String line(TaskRun run) {
    Duration took = Duration.ofSeconds(Duration.between(run.start(), run.end()).toSeconds());
    String details =
        run.extra().stream()
            .flatMap(extra -> TaskSummary.of(extra, cli.sizes()).stream())
            .collect(Collectors.joining(" "));
    String outcome =
        run.success()
            ? "SUCCESS" + (details.isEmpty() ? "" : ": " + details)
            : "ERROR: " + run.error();
    return "%s (%s) %s"
        .formatted(cli.times().seconds(run.start()), GoDurations.format(took), outcome);
  }

  private void print(String line) {
    cli.out().println(Text.visible(line));
  }

  /// Kopia's shape: the parameters' fields, then the schedule.
  private static String json(MaintenanceParams params, MaintenanceSchedule schedule) {
    var json = new GoJsonWriter();
    json.beginObject();
    params.writeFields(json);
    schedule.writeTo(json.name("schedule"));
    json.endObject();
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
