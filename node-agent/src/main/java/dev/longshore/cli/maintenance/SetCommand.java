package dev.longshore.cli.maintenance;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.LockRenewal;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceParams.Cycle;
import dev.longshore.format.maintenance.MaintenanceParams.LogRetention;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `maintenance set`.
@Command(name = "set", description = "Change who maintains the repository, and how often.")
final class SetCommand extends RepoCommand {
  private static final long MEGABYTE = 1L << 20;

  @Option(
      names = "--owner",
      paramLabel = "USER@HOST",
      description = "The client that maintains the repository; `me` is this one.")
  @Nullable String owner;

  @Option(names = "--enable-quick", negatable = true, description = "Run quick maintenance.")
  @Nullable Boolean enableQuick;

  @Option(names = "--enable-full", negatable = true, description = "Run full maintenance.")
  @Nullable Boolean enableFull;

  @Option(
      names = "--quick-interval",
      paramLabel = "DURATION",
      description = "How often quick maintenance is due.")
  @Nullable String quickInterval;

  @Option(
      names = "--full-interval",
      paramLabel = "DURATION",
      description = "How often full maintenance is due.")
  @Nullable String fullInterval;

  @Option(
      names = "--pause-quick",
      paramLabel = "DURATION",
      description = "No quick maintenance for so long.")
  @Nullable String pauseQuick;

  @Option(
      names = "--pause-full",
      paramLabel = "DURATION",
      description = "No full maintenance for so long.")
  @Nullable String pauseFull;

  @Option(
      names = "--max-retained-log-count",
      paramLabel = "N",
      description = "Log blobs that are kept, at most.")
  @Nullable Long maxLogCount;

  @Option(
      names = "--max-retained-log-age",
      paramLabel = "DURATION",
      description = "Age of log blobs that are kept, at most.")
  @Nullable String maxLogAge;

  @Option(
      names = "--max-retained-log-size-mb",
      paramLabel = "MB",
      description = "Total size of log blobs that are kept, at most.")
  @Nullable Long maxLogMegabytes;

  @Option(
      names = "--extend-object-locks",
      negatable = true,
      description = "Renew the store's locks on blobs in full maintenance.")
  @Nullable Boolean extendObjectLocks;

  @Option(
      names = "--list-parallelism",
      paramLabel = "N",
      description = "Deletions of packs at once; 0 for the default.")
  @Nullable Integer listParallelism;

  SetCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      MaintenanceParams params = repository.maintenance().params();
      MaintenanceSchedule schedule = repository.maintenance().schedule();
      MaintenanceParams newParams = changed(params, repository);
      MaintenanceSchedule newSchedule = paused(schedule);
      if (newParams.equals(params) && newSchedule.equals(schedule)) {
        throw usage("no changes specified");
      }
      Optional<String> problem = LockRenewal.problem(repository.status().retention(), newParams);
      if (problem.isPresent()) {
        throw usage(problem.get());
      }
      write(repository, newParams, params, newSchedule, schedule);
    }
    return ExitCode.OK;
  }

  private static void write(
      Repository repository,
      MaintenanceParams newParams,
      MaintenanceParams params,
      MaintenanceSchedule newSchedule,
      MaintenanceSchedule schedule)
      throws RepositoryException {
    if (!newSchedule.equals(schedule)) {
      repository.putMaintenanceSchedule(newSchedule);
    }
    if (!newParams.equals(params)) {
      repository.write(
          WriteOptions.forPurpose("maintenance set"),
          writer -> writer.manifests().replace(MaintenanceParams.LABELS, newParams.encode()));
    }
  }

  private MaintenanceParams changed(MaintenanceParams old, Repository repository) {
    String newOwner = old.owner();
    if (owner != null) {
      newOwner = owner.equals("me") ? Maintenance.name(repository.client()) : owner;
      cli.notice("Setting maintenance owner to " + newOwner);
    }
    boolean locks = old.extendObjectLocks();
    if (extendObjectLocks != null) {
      locks = extendObjectLocks;
      cli.notice("Object Lock extension maintenance " + (locks ? "enabled." : "disabled."));
    }
    int parallel = old.listParallelism();
    if (listParallelism != null) {
      parallel = listParallelism;
      cli.notice("Setting list parallelism to " + parallel + ".");
    }
    return new MaintenanceParams(
        newOwner,
        cycle(old.quick(), "quick", enableQuick, quickInterval),
        cycle(old.full(), "full", enableFull, fullInterval),
        logs(old),
        locks,
        parallel);
  }

  private Cycle cycle(Cycle old, String name, @Nullable Boolean enable, @Nullable String interval) {
    Cycle cycle = old;
    if (enable != null) {
      cycle = new Cycle(enable, cycle.interval());
      cli.notice("Periodic " + name + " maintenance " + (enable ? "enabled." : "disabled."));
    }
    if (interval != null) {
      cycle = new Cycle(cycle.enabled(), duration("--" + name + "-interval", interval));
      cli.notice(
          "Interval for "
              + name
              + " maintenance set to "
              + GoDurations.format(cycle.interval())
              + ".");
    }
    return cycle;
  }

  private LogRetention logs(MaintenanceParams old) {
    if (maxLogCount == null && maxLogAge == null && maxLogMegabytes == null) {
      return old.logRetention();
    }
    LogRetention logs = old.logRetentionOrDefault();
    long count = maxLogCount == null ? logs.maxCount() : maxLogCount;
    Duration age =
        maxLogAge == null ? logs.maxAge() : duration("--max-retained-log-age", maxLogAge);
    long bytes =
        maxLogMegabytes == null
            ? logs.maxTotalSizeBytes()
            : Math.multiplyExact(maxLogMegabytes, MEGABYTE);
    cli.notice(
        "Keeping at most %d logs of %s in all, none older than %s."
            .formatted(count, cli.sizes().bytes(bytes), GoDurations.format(age)));
    return new LogRetention(bytes, count, age);
  }

  private MaintenanceSchedule paused(MaintenanceSchedule schedule) {
    Instant quick = schedule.nextQuick();
    Instant full = schedule.nextFull();
    if (pauseQuick != null) {
      quick = cli.terminal().clock().instant().plus(duration("--pause-quick", pauseQuick));
      cli.notice("Quick maintenance paused until " + cli.times().seconds(quick));
    }
    if (pauseFull != null) {
      full = cli.terminal().clock().instant().plus(duration("--pause-full", pauseFull));
      cli.notice("Full maintenance paused until " + cli.times().seconds(full));
    }
    return schedule.withNext(full, quick);
  }

  private Duration duration(String option, String text) {
    return GoDurations.parse(text)
        .filter(duration -> !duration.isNegative())
        .orElseThrow(() -> usage(option + ": expected a duration such as 24h"));
  }
}
