package dev.longshore.mover;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.UploadOptions;
import dev.longshore.kube.Cluster;
import dev.longshore.kube.HttpKubeApi;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.Limits;
import dev.longshore.kube.Pace;
import dev.longshore.mover.backup.BackupTask;
import dev.longshore.mover.backup.BlockBackupTask;
import dev.longshore.mover.restore.BlockRestoreTask;
import dev.longshore.mover.restore.RestoreTask;
import dev.longshore.mover.run.Events;
import dev.longshore.mover.run.MovedResource;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.MoverOptions;
import dev.longshore.mover.run.MoverTask;
import dev.longshore.mover.run.Progress;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.ResourceWatch;
import dev.longshore.mover.run.Surroundings;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.store.RepositoryAccess;
import dev.longshore.mover.task.TaskEvent;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import dev.longshore.mover.upkeep.ForgetTask;
import dev.longshore.mover.upkeep.MaintainTask;
import dev.longshore.mover.upkeep.PrepareTask;
import dev.longshore.mover.upkeep.VerifyTask;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The program of a data mover's pod: one task, from its options to its report.
///
/// It sees Kubernetes only through its own resource, which it waits for, watches for a wish to
/// stop, and sends events about. What it is told of the repository comes with its options and
/// environment.
///
/// Several may run in one process, each with options, surroundings and token of its own.
public final class DataMover {
  /// The task was done.
  public static final int COMPLETED = 0;

  public static final int FAILED = 1;

  /// The options make no sense.
  public static final int USAGE = 2;

  public static final int CANCELED = 3;

  /// What ends the text of a cancelled task, as Velero's movers have it.
  private static final String CANCELED_TEXT = "data path is canceled";

  /// Seconds between two checkpoints of a backup.
  private static final String CHECKPOINT_VARIABLE = "LONGSHORE_CHECKPOINT_SECONDS";

  private final Surroundings surroundings;

  public DataMover(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Runs the process's task; SIGTERM cancels it.
  public static void main(String[] arguments) {
    CancelToken cancel = new CancelToken();
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Termination termination = new Termination(cancel);
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    Surroundings surroundings =
        new Surroundings(
            System.getenv(),
            clock,
            random,
            hasResource(arguments) ? cluster(clock, random, out) : Optional.empty(),
            out,
            timing(System.getenv(CHECKPOINT_VARIABLE)));
    int status = new DataMover(surroundings).run(List.of(arguments), cancel);
    termination.done(status);
    System.exit(status);
  }

  private static boolean hasResource(String[] arguments) {
    return Arrays.stream(arguments).anyMatch(word -> word.startsWith(TaskOption.RESOURCE));
  }

  /// The cluster that the environment names.
  private static Optional<KubeApi> cluster(Clock clock, SecureRandom random, PrintStream out) {
    try {
      return Optional.of(
          new HttpKubeApi(
              Cluster.find(System.getenv(), clock),
              Limits.STANDARD,
              new Pace(clock, Thread::sleep, random)));
    } catch (IOException e) {
      MoverLog.on(out, clock, false, MoverLog.Level.INFO).error(Reasons.message(e));
      return Optional.empty();
    }
  }

  private static Surroundings.Timing timing(@Nullable String checkpointSeconds) {
    Surroundings.Timing plain = Surroundings.Timing.DEFAULT;
    if (checkpointSeconds == null || !checkpointSeconds.matches("[1-9][0-9]{0,3}")) {
      return plain;
    }
    long most = UploadOptions.MAX_CHECKPOINT_INTERVAL.toSeconds();
    Duration interval = Duration.ofSeconds(Math.min(Long.parseLong(checkpointSeconds), most));
    return new Surroundings.Timing(
        plain.phase(), plain.cancel(), plain.progress(), interval, plain.sleeper());
  }

  /// Runs a task and writes its report; fails only by the status it returns.
  ///
  /// @param arguments the command line
  /// @param cancel tells the task to stop
  /// @return the exit status
  public int run(List<String> arguments, CancelToken cancel) {
    MoverLog plain =
        MoverLog.on(surroundings.out(), surroundings.clock(), false, MoverLog.Level.INFO);
    MoverOptions options;
    MoverLog log;
    Optional<MovedResource> resource;
    try {
      options = MoverOptions.parse(arguments);
      resource = MovedResource.of(options);
      log = log(options, resource);
    } catch (MoverFailure e) {
      plain.error(e.message());
      TaskReport report = TaskReport.failed(e.reason(), e.message(), false);
      reportFile(arguments).ifPresent(file -> write(file, report, plain));
      return USAGE;
    }
    Progress progress = new Progress();
    TaskRun run = new TaskRun(options, surroundings, log, progress, cancel);
    TaskReport report;
    try (Events events = new Events(surroundings, resource, progress, log)) {
      report = report(run, resource, events);
      if (!report.changeText().isEmpty()) {
        events.tell(TaskEvent.CHANGE_TRACKING, report.changeText());
      }
      switch (report.outcome()) {
        case COMPLETED -> events.ended(TaskEvent.COMPLETED, report.toJson());
        case FAILED -> events.ended(TaskEvent.FAILED, report.message());
        case CANCELED -> events.ended(TaskEvent.CANCELED, report.message() + ": " + CANCELED_TEXT);
      }
    }
    String file = options.text(TaskOption.REPORT_FILE);
    if (!file.isEmpty()) {
      write(Path.of(file), report, log);
    }
    log.info("report " + report.toJson());
    return status(report);
  }

  private static int status(TaskReport report) {
    return switch (report.outcome()) {
      case COMPLETED -> COMPLETED;
      case CANCELED -> CANCELED;
      case FAILED -> report.reason().equals(Reasons.BAD_OPTIONS) ? USAGE : FAILED;
    };
  }

  private MoverLog log(MoverOptions options, Optional<MovedResource> resource) throws MoverFailure {
    boolean json =
        switch (options.text(TaskOption.LOG_FORMAT)) {
          case "", "text" -> false;
          case "json" -> true;
          default -> throw bad(TaskOption.LOG_FORMAT + " is text or json");
        };
    MoverLog.Level least =
        switch (options.text(TaskOption.LOG_LEVEL).toLowerCase(Locale.ROOT)) {
          case "trace", "debug" -> MoverLog.Level.DEBUG;
          case "", "info" -> MoverLog.Level.INFO;
          case "warning", "warn" -> MoverLog.Level.WARNING;
          case "error", "fatal", "panic" -> MoverLog.Level.ERROR;
          default -> throw bad(TaskOption.LOG_LEVEL + " is debug, info, warning or error");
        };
    MoverLog log = MoverLog.on(surroundings.out(), surroundings.clock(), json, least);
    log = log.with("task", options.kind().word());
    return resource.isEmpty()
        ? log
        : log.with("controller", resource.get().controller())
            .with(resource.get().controller(), resource.get().toString());
  }

  private static MoverFailure bad(String message) {
    return new MoverFailure(Reasons.BAD_OPTIONS, message, false);
  }

  private TaskReport report(TaskRun run, Optional<MovedResource> resource, Events events) {
    MoverLog log = run.log().of(DataMover.class);
    try {
      if (resource.isEmpty()) {
        return work(run, events);
      }
      if (surroundings.kube().isEmpty()) {
        throw bad("there is no cluster to find " + resource.get() + " in");
      }
      ResourceWatch watch =
          new ResourceWatch(
              surroundings.kube().get(), resource.get(), surroundings.timing(), run.log());
      watch.awaitStart(run.cancel());
      try (ResourceWatch.Canceller _ = watch.cancelling(run.cancel())) {
        return work(run, events);
      }
    } catch (MoverFailure e) {
      if (run.cancel().isCancelled()) {
        log.info("while it was canceled: " + e.message());
        return TaskReport.canceled(e.message());
      }
      log.error(e.reason() + ": " + e.message());
      return TaskReport.failed(e.reason(), e.message(), e.retriable());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return TaskReport.canceled("interrupted");
    } catch (OutOfMemoryError e) {
      log.error("out of memory: " + Reasons.message(e));
      return TaskReport.failed(Reasons.OUT_OF_MEMORY, "out of memory", true);
    } catch (RuntimeException | Error e) {
      log.error("internal error: " + e + " at " + place(e));
      return TaskReport.failed(Reasons.INTERNAL_ERROR, e + " at " + place(e), true);
    }
  }

  private static String place(Throwable e) {
    return e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0].toString();
  }

  private TaskReport work(TaskRun run, Events events) throws MoverFailure {
    if (run.cancel().isCancelled()) {
      return TaskReport.canceled("canceled before it began");
    }
    try (RepositoryAccess access = RepositoryAccess.of(run)) {
      events.started("the data path of the task " + run.options().kind().word() + " has started");
      return task(run, access).run();
    } catch (RepositoryException e) {
      throw Reasons.of(e);
    } catch (IOException e) {
      throw Reasons.ofVolume(e);
    }
  }

  private static MoverTask task(TaskRun run, RepositoryAccess access) throws MoverFailure {
    TaskKind kind = run.options().kind();
    return switch (kind) {
      case BACKUP ->
          run.options().isInBlocks()
              ? new BlockBackupTask(run, access)
              : new BackupTask(run, access);
      case RESTORE ->
          run.options().isBlock()
              ? new BlockRestoreTask(run, access)
              : new RestoreTask(run, access);
      case PREPARE -> new PrepareTask(run, access);
      case MAINTAIN -> new MaintainTask(run, access);
      case FORGET -> new ForgetTask(run, access);
      case VERIFY -> new VerifyTask(run, access);
    };
  }

  /// The report file of a command line that could not be read as a whole.
  private static Optional<Path> reportFile(List<String> arguments) {
    String prefix = TaskOption.REPORT_FILE + "=";
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).startsWith(prefix)) {
        return Optional.of(Path.of(arguments.get(i).substring(prefix.length())));
      }
      if (arguments.get(i).equals(TaskOption.REPORT_FILE) && i + 1 < arguments.size()) {
        return Optional.of(Path.of(arguments.get(i + 1)));
      }
    }
    return Optional.empty();
  }

  /// In place: a kubelet's termination log is a file that is mounted, and cannot be replaced.
  private static void write(Path file, TaskReport report, MoverLog log) {
    try {
      Files.writeString(file, report.toJson());
    } catch (IOException e) {
      log.error("the report cannot be written: " + Reasons.message(e));
    }
  }
}
