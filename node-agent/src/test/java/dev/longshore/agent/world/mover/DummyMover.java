package dev.longshore.agent.world.mover;

import dev.longshore.agent.world.Events;
import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.mover.DummyRepository.Behaviour;
import dev.longshore.agent.world.node.Exit;
import dev.longshore.agent.world.node.PodProgram;
import dev.longshore.agent.world.node.PodRun;
import dev.longshore.agent.world.node.RunningPod;
import dev.longshore.agent.world.storage.Disks;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskEvent;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A data mover that keeps to the contract of a mover's pod, and moves nothing but the words for
/// what is in volumes.
public final class DummyMover implements PodProgram {
  private static final Duration WAIT_FOR_PROGRESS = Duration.ofMillis(500);
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  private final DummyRepository repository;
  private final Disks disks;

  public DummyMover(DummyRepository repository, Disks disks) {
    this.repository = repository;
    this.disks = disks;
  }

  @Override
  public RunningPod start(PodRun run) {
    Optional<TaskCall> call = TaskCall.of(run.commandLine());
    return call.isEmpty() ? new Confused() : new Task(run, call.get());
  }

  /// A mover that does not understand its command line.
  private static final class Confused implements RunningPod {
    @Override
    public Optional<Exit> poll() {
      return Optional.of(new Exit(2, "usage: data-mover TASK [OPTION...]"));
    }

    @Override
    public void terminate() {}

    @Override
    public void kill() {}
  }

  private final class Task implements RunningPod {
    private final PodRun run;
    private final TaskCall call;
    private final Behaviour behaviour;
    private final Duration work;
    private final String source;
    private @Nullable Instant started;
    private Instant nextEvent = Instant.MIN;
    private boolean terminated;

    Task(PodRun run, TaskCall call) {
      this.run = run;
      this.call = call;
      this.behaviour = repository.begin(call);
      this.source =
          call.option(TaskOption.REPOSITORY_NAMESPACE) + ":" + call.option(TaskOption.SOURCE_PATH);
      boolean isBackup = call.kind() == TaskKind.BACKUP;
      Duration rest =
          repository.work().minus(isBackup ? repository.checkpoint(source) : Duration.ZERO);
      this.work =
          isBackup || call.kind() == TaskKind.RESTORE
              ? (rest.isNegative() ? Duration.ZERO : rest)
              : Duration.ofSeconds(2);
    }

    @Override
    public Duration nextPoll() {
      return WAIT_FOR_PROGRESS;
    }

    @Override
    public void terminate() {
      terminated = true;
    }

    @Override
    public void kill() {
      checkpoint();
    }

    /// What was uploaded until now need not be uploaded again.
    private void checkpoint() {
      if (started != null && call.kind() == TaskKind.BACKUP) {
        Duration done = Duration.between(started, run.clock().instant());
        repository.setCheckpoint(
            source, repository.checkpoint(source).plus(done.compareTo(work) < 0 ? done : work));
      }
    }

    @Override
    public Optional<Exit> poll() {
      try {
        return advance();
      } catch (KubeException e) {
        return e.isForbidden()
            ? Optional.of(failed("Forbidden", String.valueOf(e.getMessage()), false))
            : Optional.empty(); // the next poll tries again
      }
    }

    private Optional<Exit> advance() throws KubeException {
      boolean isDeaf = behaviour instanceof Behaviour.Deaf;
      if (terminated && !isDeaf) {
        return Optional.of(canceled("terminated"));
      }
      Optional<KubeObject> resource = Optional.empty();
      if (!call.option(TaskOption.RESOURCE).isEmpty()) {
        resource = resource();
        if (resource.isEmpty()) {
          return Optional.of(canceled("the resource is gone"));
        }
        if (resource.get().flag("spec", "cancel") && !isDeaf) {
          event(resource, TaskEvent.CANCELED, "data path is canceled");
          return Optional.of(canceled("data path is canceled"));
        }
        boolean isReady = resource.get().text("status", "phase").equals("InProgress");
        if (started == null && !isReady) {
          return Optional.empty();
        }
      }
      if (started == null) {
        started = run.clock().instant();
        event(resource, TaskEvent.STARTED, "data path started");
        nextEvent = run.clock().instant();
      }
      Duration done = Duration.between(started, run.clock().instant());
      progress(resource, done);
      return behave(resource, done);
    }

    private Optional<KubeObject> resource() throws KubeException {
      Resource kind =
          Stream.of(
                  Kinds.DATA_UPLOADS,
                  Kinds.DATA_DOWNLOADS,
                  Kinds.POD_VOLUME_BACKUPS,
                  Kinds.POD_VOLUME_RESTORES)
              .filter(one -> one.plural().equals(call.option(TaskOption.RESOURCE)))
              .findFirst()
              .orElseThrow();
      try {
        KubeObject found =
            run.api()
                .get(
                    kind,
                    call.option(TaskOption.RESOURCE_NAMESPACE),
                    call.option(TaskOption.RESOURCE_NAME));
        String uid = call.option(TaskOption.RESOURCE_UID);
        return uid.isEmpty() || uid.equals(found.uid()) ? Optional.of(found) : Optional.empty();
      } catch (KubeException e) {
        if (e.isNotFound()) {
          return Optional.empty();
        }
        throw e;
      }
    }

    private Optional<Exit> behave(Optional<KubeObject> resource, Duration done)
        throws KubeException {
      boolean isHalf = done.compareTo(work.dividedBy(2)) >= 0;
      boolean isOver = done.compareTo(work) >= 0;
      return switch (behaviour) {
        case Behaviour.Hangs() -> Optional.empty();
        case Behaviour.Deaf() -> Optional.empty();
        case Behaviour.Fails(String reason, String message, boolean retriable) -> {
          if (!isHalf) {
            yield Optional.empty();
          }
          checkpoint();
          event(resource, TaskEvent.FAILED, message);
          event(resource, TaskEvent.STOPPED, "data path stopped");
          yield Optional.of(failed(reason, message, retriable));
        }
        case Behaviour.Dies() -> isHalf ? Optional.of(Exit.KILLED) : Optional.empty();
        case Behaviour.DiesAfterwards() -> {
          if (isOver) {
            TaskReport _ = finish();
          }
          yield isOver ? Optional.of(Exit.KILLED) : Optional.empty();
        }
        case Behaviour.Says(int code, String message) -> {
          if (isOver) {
            TaskReport _ = finish();
          }
          yield isOver ? Optional.of(new Exit(code, message)) : Optional.empty();
        }
        case Behaviour.Normal() -> isOver ? Optional.of(end(resource)) : Optional.empty();
      };
    }

    private Exit end(Optional<KubeObject> resource) throws KubeException {
      TaskReport report = finish();
      boolean isGood = report.outcome() == TaskReport.Outcome.COMPLETED;
      event(resource, isGood ? TaskEvent.COMPLETED : TaskEvent.FAILED, report.toJson());
      event(resource, TaskEvent.STOPPED, "data path stopped");
      return new Exit(isGood ? 0 : 1, report.toJson());
    }

    /// Does the work, at its end.
    private TaskReport finish() {
      String location = location();
      String namespace = call.option(TaskOption.REPOSITORY_NAMESPACE);
      return switch (call.kind()) {
        case BACKUP -> backUp(location, namespace);
        case RESTORE -> restore();
        case PREPARE -> prepare(location, namespace);
        case MAINTAIN -> TaskReport.completed("", 0, 0, Map.of("mode", "quick"));
        case FORGET -> {
          call.all(TaskOption.SNAPSHOT).forEach(repository::forget);
          yield TaskReport.completed("", 0, 0, Map.of());
        }
        case VERIFY -> TaskReport.completed("", 0, 0, Map.of("verifiedBytes", "1048576"));
      };
    }

    private String location() {
      String json = run.env().getOrDefault(StorageLocation.VARIABLE, "");
      try {
        return json.isEmpty() ? "" : StorageLocation.parse(json).name();
      } catch (IOException e) {
        return "";
      }
    }

    private TaskReport backUp(String location, String namespace) {
      repository.make(location, namespace);
      Map<String, String> details = new HashMap<>();
      Duration resumed = repository.checkpoint(source);
      if (resumed.isPositive()) {
        details.put("resumedSeconds", Long.toString(resumed.toSeconds()));
      }
      repository.setCheckpoint(source, Duration.ZERO);
      DummyRepository.Snapshot snapshot =
          new DummyRepository.Snapshot(
              repository.nextId(),
              location,
              namespace,
              call.option(TaskOption.SOURCE_PATH),
              call.pairs(TaskOption.TAG),
              disks.content(volume()),
              repository.sizeBytes());
      repository.save(snapshot);
      return TaskReport.completed(
          snapshot.id(), snapshot.sizeBytes(), snapshot.sizeBytes() / 8, details);
    }

    private TaskReport restore() {
      Optional<DummyRepository.Snapshot> snapshot =
          repository.find(call.option(TaskOption.SNAPSHOT));
      if (snapshot.isEmpty()) {
        return TaskReport.failed("SnapshotNotFound", "no such snapshot", false);
      }
      disks.fill(volume(), snapshot.get().content());
      mark(call.option(TaskOption.COMPLETION_MARKER));
      return TaskReport.completed(snapshot.get().id(), snapshot.get().sizeBytes(), 0, Map.of());
    }

    private TaskReport prepare(String location, String namespace) {
      boolean isReadOnly = call.option(TaskOption.READ_ONLY).equals("true");
      if (isReadOnly && !repository.exists(location, namespace)) {
        return TaskReport.failed("RepositoryNotFound", "there is no repository", false);
      }
      repository.make(location, namespace);
      return TaskReport.completed("", 0, 0, Map.of());
    }

    private Path volume() {
      Path path = run.resolve(call.option(TaskOption.VOLUME_PATH));
      String name = call.option(TaskOption.VOLUME_DIRECTORY);
      return name.isEmpty() ? path : PodVolumeFolder.find(path, name, disks);
    }

    private void mark(String uid) {
      if (uid.isEmpty()) {
        return;
      }
      Path folder = volume().resolve(".velero");
      try {
        if (Files.isDirectory(volume())) {
          Files.createDirectories(folder);
          Files.write(folder.resolve(uid), new byte[0]);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      disks.fill(folder.resolve(uid), "done");
    }

    private void progress(Optional<KubeObject> resource, Duration done) throws KubeException {
      if (run.clock().instant().isBefore(nextEvent)) {
        return;
      }
      nextEvent = run.clock().instant().plus(PROGRESS);
      long total = repository.sizeBytes();
      double share = work.isZero() ? 1 : (double) done.toMillis() / work.toMillis();
      event(
          resource,
          TaskEvent.PROGRESS,
          "{\"totalBytes\":%d,\"doneBytes\":%d}"
              .formatted(total, (long) (total * Math.min(1, share))));
    }

    private void event(Optional<KubeObject> resource, String reason, String message)
        throws KubeException {
      if (resource.isPresent()) {
        Events.send(
            run.api(), run.clock(), new Events.Note(resource.get(), "Normal", reason, message));
      }
    }

    private Exit canceled(String message) {
      checkpoint();
      return new Exit(1, TaskReport.canceled(message).toJson());
    }

    private Exit failed(String reason, String message, boolean retriable) {
      return new Exit(1, TaskReport.failed(reason, message, retriable).toJson());
    }
  }
}
