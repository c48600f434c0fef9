package dev.longshore.cli.policy;

import dev.longshore.format.policy.RetentionPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How long snapshots are kept.
final class RetentionFlags {
  @Option(names = "--keep-latest", paramLabel = "N", description = "Newest snapshots to keep.")
  @Nullable String latest;

  @Option(names = "--keep-hourly", paramLabel = "N", description = "Hourly snapshots to keep.")
  @Nullable String hourly;

  @Option(names = "--keep-daily", paramLabel = "N", description = "Daily snapshots to keep.")
  @Nullable String daily;

  @Option(names = "--keep-weekly", paramLabel = "N", description = "Weekly snapshots to keep.")
  @Nullable String weekly;

  @Option(names = "--keep-monthly", paramLabel = "N", description = "Monthly snapshots to keep.")
  @Nullable String monthly;

  @Option(names = "--keep-annual", paramLabel = "N", description = "Annual snapshots to keep.")
  @Nullable String annual;

  @Option(
      names = "--ignore-identical-snapshots",
      paramLabel = "BOOLEAN",
      description = "Do not save a snapshot that equals the one before.")
  @Nullable String ignoreIdentical;

  RetentionPolicy apply(RetentionPolicy old, Edits edits) {
    return new RetentionPolicy(
        edits.number("number of latest snapshots to keep", old.keepLatest(), latest),
        edits.number("number of hourly snapshots to keep", old.keepHourly(), hourly),
        edits.number("number of daily snapshots to keep", old.keepDaily(), daily),
        edits.number("number of weekly snapshots to keep", old.keepWeekly(), weekly),
        edits.number("number of monthly snapshots to keep", old.keepMonthly(), monthly),
        edits.number("number of annual snapshots to keep", old.keepAnnual(), annual),
        edits.flag(
            "ignoring of identical snapshots", old.ignoreIdenticalSnapshots(), ignoreIdentical));
  }
}
