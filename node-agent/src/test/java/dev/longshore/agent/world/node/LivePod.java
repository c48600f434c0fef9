package dev.longshore.agent.world.node;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The containers of a pod on a node: first the init containers, one after another, then the
/// others.
final class LivePod {
  /// What a kubelet keeps of a termination message.
  private static final int MAX_MESSAGE_BYTES = 4096;

  private final InstantSource clock;
  private final List<Box> inits = new ArrayList<>();
  private final List<Box> mains = new ArrayList<>();
  private boolean told;
  private boolean changed = true;
  private String reported = "";
  private Instant killAt = Instant.MAX;

  /// A container, from before its start until after its end.
  static final class Box {
    private final String name;
    private final java.util.function.Supplier<RunningPod> starter;
    private final Path terminationLog;
    private @Nullable RunningPod running;
    private Instant started = Instant.MIN;
    private Instant nextPoll = Instant.MIN;
    private @Nullable Exit exit;
    private Instant ended = Instant.MIN;

    /// @param terminationLog the file for the container's last words; it need not exist
    Box(String name, java.util.function.Supplier<RunningPod> starter, Path terminationLog) {
      this.name = name;
      this.starter = starter;
      this.terminationLog = terminationLog;
    }

    Json.Obj status() {
      if (exit != null) {
        return PodStatus.terminated(name, exit, ended.toString());
      }
      return running == null
          ? PodStatus.waiting(name, "PodInitializing", "")
          : PodStatus.running(name, started.toString());
    }
  }

  LivePod(InstantSource clock) {
    this.clock = clock;
  }

  void addInit(Box box) {
    inits.add(box);
  }

  void addMain(Box box) {
    mains.add(box);
  }

  /// Starts and polls what is due.
  void advance() {
    for (Box init : inits) {
      advance(init);
      if (init.exit == null) {
        return;
      }
      if (init.exit.code() != 0) {
        fail();
        return;
      }
    }
    mains.forEach(this::advance);
  }

  private void advance(Box box) {
    Instant now = clock.instant();
    if (box.exit != null) {
      return;
    }
    if (box.running == null) {
      changed = true;
      box.running = box.starter.get();
      box.started = now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
      box.nextPoll = now;
      if (told) {
        box.running.terminate();
      }
    }
    if (!now.isBefore(killAt)) {
      end(box, Exit.KILLED);
    } else if (!now.isBefore(box.nextPoll)) {
      Optional<Exit> exit = box.running.poll();
      exit.ifPresent(found -> end(box, found));
      box.nextPoll = onBeat(now, box.running.nextPoll());
    }
  }

  /// The next beat of a clock that beats so often: programs of the same kind are polled together.
  private static Instant onBeat(Instant now, Duration beat) {
    long millis = Math.max(1, beat.toMillis());
    return Instant.ofEpochMilli((now.toEpochMilli() / millis + 1) * millis);
  }

  private void end(Box box, Exit exit) {
    if (box.exit != null) {
      return;
    }
    changed = true;
    if (exit.code() == Exit.KILLED.code() && box.running != null) {
      box.running.kill();
    }
    String message = exit.message().isEmpty() ? written(box) : exit.message();
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    int excess = Math.max(0, bytes.length - MAX_MESSAGE_BYTES);
    String kept = new String(bytes, excess, bytes.length - excess, StandardCharsets.UTF_8);
    box.exit = new Exit(exit.code(), kept, exit.reason());
    box.ended = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }

  private static String written(Box box) {
    try {
      return Files.exists(box.terminationLog) ? Files.readString(box.terminationLog) : "";
    } catch (IOException e) {
      return "";
    }
  }

  /// An init container failed: the others do not start.
  private void fail() {
    for (Box main : mains) {
      if (main.exit == null) {
        end(main, new Exit(1, "", "Error"));
      }
    }
  }

  /// SIGTERM, and SIGKILL some time later; only the first call counts.
  void terminate(Duration grace) {
    if (told) {
      return;
    }
    told = true;
    killAt = clock.instant().plus(grace);
    for (Box box : all()) {
      if (box.running != null && box.exit == null) {
        box.running.terminate();
        box.nextPoll = clock.instant();
      }
    }
  }

  /// Ends everything at once.
  void kill(Exit exit) {
    all().forEach(box -> end(box, exit));
  }

  boolean isOver() {
    return mains.stream().allMatch(box -> box.exit != null);
  }

  boolean hasStarted() {
    return mains.stream().anyMatch(box -> box.running != null);
  }

  boolean hasSucceeded() {
    return mains.stream().allMatch(box -> box.exit != null && box.exit.code() == 0);
  }

  /// Whether a pod's status is not what was reported last.
  boolean isNews(KubeObject pod) {
    return changed || !pod.resourceVersion().equals(reported);
  }

  /// Remembers that a pod's status is known.
  ///
  /// @param pod as it was written
  void reported(KubeObject pod) {
    changed = false;
    reported = pod.resourceVersion();
  }

  /// Starts the containers that have ended again.
  void restart() {
    changed = true;
    for (Box box : mains) {
      if (box.exit != null) {
        box.exit = null;
        box.running = null;
      }
    }
  }

  /// When something is due next.
  Instant next() {
    Instant next = killAt;
    for (Box box : all()) {
      if (box.running != null && box.exit == null && box.nextPoll.isBefore(next)) {
        next = box.nextPoll;
      }
    }
    return next;
  }

  private List<Box> all() {
    List<Box> all = new ArrayList<>(inits);
    all.addAll(mains);
    return all;
  }

  KubeObject describe(KubeObject pod) {
    String phase = hasStarted() ? "Running" : "Pending";
    if (isOver()) {
      phase = hasSucceeded() ? "Succeeded" : "Failed";
    }
    KubeObject described =
        PodStatus.condition(pod, "Ready", phase.equals("Running"), "")
            .with(phase, "status", "phase")
            .with(statuses(mains), "status", "containerStatuses");
    return inits.isEmpty()
        ? described
        : described.with(statuses(inits), "status", "initContainerStatuses");
  }

  private static Json.Arr statuses(List<Box> boxes) {
    return new Json.Arr(boxes.stream().<Json>map(Box::status).toList());
  }
}
