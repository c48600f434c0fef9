package dev.longshore.cli.policy;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.policy.TimeOfDay;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// When snapshots are due.
final class SchedulingFlags {
  private static final Pattern TIME = Pattern.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])");

  @Option(
      names = "--snapshot-interval",
      paramLabel = "DURATION",
      description = "Time between snapshots.")
  @Nullable String interval;

  @Option(
      names = "--snapshot-time",
      paramLabel = "HH:MM",
      split = ",",
      description = "Times of day of snapshots, or inherit.")
  List<String> times = List.of();

  @Option(
      names = "--snapshot-time-crontab",
      paramLabel = "CRON",
      description = "Crontab expressions, with semicolons between, or inherit.")
  @Nullable String cron;

  @Option(
      names = "--run-missed",
      paramLabel = "BOOLEAN",
      description = "Make up for missed snapshots.")
  @Nullable String runMissed;

  @Option(names = "--manual", negatable = true, description = "Only make snapshots by hand.")
  boolean manual;

  SchedulingPolicy apply(SchedulingPolicy old, Edits edits) {
    boolean scheduled = interval != null || !times.isEmpty() || cron != null || runMissed != null;
    if (manual) {
      if (scheduled) {
        throw new CommandFailure(ExitCode.USAGE, "--manual and a schedule exclude each other");
      }
      edits.noted("manual snapshots", true);
      return new SchedulingPolicy(0, List.of(), false, true, List.of(), null);
    }
    if (!scheduled) {
      return old;
    }
    return new SchedulingPolicy(
        interval == null ? old.intervalSeconds() : seconds(edits, interval),
        times.isEmpty() ? old.timesOfDay() : timesOfDay(edits),
        old.noParentTimesOfDay(),
        false,
        cron == null ? old.cron() : expressions(edits, cron),
        edits.flag("run missed snapshots", old.runMissed(), runMissed));
  }

  private static long seconds(Edits edits, String text) {
    return edits.noted(
        "snapshot interval in seconds",
        GoDurations.parse(text)
            .filter(duration -> !duration.isNegative())
            .orElseThrow(() ->
                new CommandFailure(ExitCode.USAGE, "--snapshot-interval: not a duration: " + text))
            .toSeconds());
  }

  private List<TimeOfDay> timesOfDay(Edits edits) {
    var parsed = new TreeSet<TimeOfDay>();
    for (String text : times) {
      if (Edits.isUnset(text)) {
        return edits.noted("snapshot times", List.of());
      }
      Matcher found = TIME.matcher(text.strip());
      if (!found.matches()) {
        throw new CommandFailure(ExitCode.USAGE, "--snapshot-time: not a time HH:MM: " + text);
      }
      parsed.add(new TimeOfDay(Long.parseLong(found.group(1)), Long.parseLong(found.group(2))));
    }
    return edits.noted("snapshot times", List.copyOf(parsed));
  }

  private static List<String> expressions(Edits edits, String text) {
    if (Edits.isUnset(text)) {
      return edits.noted("cron snapshot times", List.of());
    }
    return edits.noted(
        "cron snapshot times",
        Arrays.stream(text.split(";", -1)).map(String::strip).filter(e -> !e.isEmpty()).toList());
  }
}
