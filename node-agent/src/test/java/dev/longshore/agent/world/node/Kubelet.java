package dev.longshore.agent.world.node;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.Troubles;
import dev.longshore.agent.world.storage.Disks;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A node's kubelet: brings volumes, runs the containers' programs, reports how they are, and ends
/// them.
public final class Kubelet extends StandIn {
  private final ApiServer server;
  private final Programs programs;
  private final PodVolumes volumes;
  private final PodVolumes.Place place;
  private final Map<String, LivePod> lives = new HashMap<>();
  private final Map<String, Verdict> verdicts = new HashMap<>();
  private boolean isDown;

  /// Where a kubelet is and what it has.
  ///
  /// @param folder for the node's files
  /// @param real whether there are files
  public record Machine(String node, Path folder, boolean real, Disks disks, Programs programs) {}

  /// What a test wants to happen to a pod.
  private record Verdict(Exit exit, String reason, String message) {}

  public Kubelet(Site site, ApiServer server, Machine machine) {
    super(site);
    this.server = server;
    this.programs = machine.programs;
    this.place = new PodVolumes.Place(machine.node, machine.folder, machine.real);
    this.volumes = new PodVolumes(api, site.troubles(), machine.disks, place);
  }

  /// Evicts a pod: it fails, and its program has no time to say anything.
  public void evict(KubeObject pod, String message) {
    verdicts.put(pod.uid(), new Verdict(Exit.KILLED, "Evicted", message));
  }

  /// A pod's program needs more memory than it may.
  public void oomKill(KubeObject pod) {
    verdicts.put(pod.uid(), new Verdict(new Exit(137, "", "OOMKilled"), "", ""));
  }

  /// A pod's program ends by itself.
  public void exit(KubeObject pod, Exit exit) {
    verdicts.put(pod.uid(), new Verdict(exit, "", ""));
  }

  /// The node's power fails.
  public void powerOff() {
    lives.values().forEach(live -> live.kill(Exit.KILLED));
    lives.clear();
    isDown = true;
  }

  /// The node neither hears nor says anything; its programs stand still.
  public void freeze() {
    isDown = true;
  }

  /// The node is back.
  public void powerOn() {
    isDown = false;
  }

  @Override
  protected void work() throws KubeException {
    if (isDown) {
      return;
    }
    Set<String> present = new HashSet<>();
    List<KubeObject> pods =
        api.list(Resource.PODS, "", ListOptions.withFields("spec.nodeName=" + place.node()))
            .items();
    for (KubeObject pod : pods) {
      present.add(pod.uid());
      try {
        sync(pod);
      } catch (KubeException _) {
        timers.wakeIn(Duration.ofSeconds(1));
      }
    }
    lives
        .entrySet()
        .removeIf(entry -> {
          boolean isGone = !present.contains(entry.getKey());
          if (isGone) {
            entry.getValue().kill(Exit.KILLED);
          }
          return isGone;
        });
  }

  private void sync(KubeObject pod) throws KubeException {
    LivePod live = lives.get(pod.uid());
    boolean hasEnded = Set.of("Succeeded", "Failed").contains(pod.text("status", "phase"));
    Verdict verdict = verdicts.remove(pod.uid());
    if (verdict != null && !hasEnded) {
      try {
        judge(pod, verdict);
      } catch (KubeException e) {
        verdicts.put(pod.uid(), verdict);
        throw e;
      }
    } else if (pod.isBeingDeleted()) {
      end(pod);
    } else if (hasEnded) {
      lives.remove(pod.uid());
    } else if (live != null) {
      follow(pod, live);
    } else if (pod.text("status", "phase").equals("Running")) {
      judge(pod, new Verdict(new Exit(137, "", "ContainerStatusUnknown"), "", ""));
    } else {
      begin(pod);
    }
  }

  private void judge(KubeObject pod, Verdict verdict) throws KubeException {
    LivePod live = lives.remove(pod.uid());
    KubeObject judged;
    if (live == null) {
      judged = PodStatus.ended(pod, verdict.exit, clock.instant());
    } else {
      live.kill(verdict.exit);
      judged = live.describe(pod);
    }
    judged = judged.with("Failed", "status", "phase");
    if (!verdict.reason.isEmpty()) {
      event(pod, "Warning", verdict.reason, verdict.message);
      judged =
          judged
              .with(verdict.reason, "status", "reason")
              .with(verdict.message, "status", "message");
    } else if (verdict.exit.code() == 0) {
      judged = judged.with("Succeeded", "status", "phase");
    }
    api.replaceStatus(Resource.PODS, judged);
  }

  private void end(KubeObject pod) throws KubeException {
    LivePod live = lives.get(pod.uid());
    if (live != null) {
      live.terminate(Duration.ofSeconds(pod.number("metadata", "deletionGracePeriodSeconds")));
      live.advance();
      if (!live.isOver()) {
        wakeFor(live);
        return;
      }
      KubeObject _ = report(pod, live.describe(pod));
      lives.remove(pod.uid());
    }
    try {
      api.delete(Resource.PODS, pod.namespace(), pod.name(), new DeleteOptions(pod.uid(), 0));
    } catch (KubeException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  private void begin(KubeObject pod) throws KubeException {
    Optional<String> image = troubles.strike(Troubles.Kind.IMAGE, pod);
    if (image.isPresent()) {
      boolean mayPull = !firstContainer(pod).text("imagePullPolicy").equals("Never");
      wait(pod, mayPull ? "ImagePullBackOff" : "ErrImageNeverPull", image.get());
      timers.wakeIn(Duration.ofSeconds(10));
      return;
    }
    PodVolumes.Outcome outcome = volumes.mount(pod);
    if (!outcome.reason().isEmpty()) {
      complain(pod, outcome.reason(), outcome.message());
      wait(pod, "ContainerCreating", "");
      timers.wakeIn(Duration.ofSeconds(1));
      return;
    }
    Optional<KubeObject> relabelled = volumes.relabelled(pod);
    Optional<String> relabel =
        relabelled.isEmpty()
            ? Optional.empty()
            : troubles.strike(Troubles.Kind.RELABEL, relabelled.get());
    if (relabel.isPresent()) {
      String path = "/var/lib/kubelet/pods/" + pod.uid() + "/volumes/kubernetes.io~csi";
      String message =
          "relabel failed %s: lsetxattr %s/mount: %s".formatted(path, path, relabel.get());
      complain(pod, "FailedMount", message);
      wait(pod, "CreateContainerError", message);
      timers.wakeIn(Duration.ofSeconds(10));
      return;
    }
    if (isDone(Delays.Of.START_POD, pod)) {
      LivePod live = live(pod, outcome.volumes());
      lives.put(pod.uid(), live);
      follow(pod, live);
    } else {
      wait(pod, "ContainerCreating", "");
    }
  }

  /// Reports a trouble once, as kubelets do that count repetitions.
  private void complain(KubeObject pod, String reason, String message) throws KubeException {
    boolean isKnown =
        api
            .list(
                Resource.EVENTS,
                pod.namespace(),
                ListOptions.withFields("involvedObject.uid=" + pod.uid()))
            .items()
            .stream()
            .anyMatch(event -> event.text("message").equals(message));
    if (!isKnown) {
      event(pod, "Warning", reason, message);
    }
  }

  private LivePod live(KubeObject pod, Map<String, Path> mounted) throws KubeException {
    LivePod live = new LivePod(clock);
    for (Json.Obj init : pod.array("spec", "initContainers").objects()) {
      live.addInit(box(pod, init, mounted));
    }
    for (Json.Obj main : pod.array("spec", "containers").objects()) {
      live.addMain(box(pod, main, mounted));
    }
    return live;
  }

  private LivePod.Box box(KubeObject pod, Json.Obj container, Map<String, Path> mounted)
      throws KubeException {
    KubeObject spec = new KubeObject(container);
    Map<String, Path> mounts = new HashMap<>();
    spec.array("volumeMounts").objects().stream()
        .map(KubeObject::new)
        .forEach(mount -> {
          Path volume = mounted.getOrDefault(mount.text("name"), place.folder());
          mounts.put(mount.text("mountPath"), volume.resolve(mount.text("subPath")));
        });
    spec.array("volumeDevices").objects().stream()
        .map(KubeObject::new)
        .forEach(device ->
            mounts.put(
                device.text("devicePath"),
                mounted.getOrDefault(device.text("name"), place.folder())));
    String path = spec.text("terminationMessagePath");
    Path log = place.folder().resolve("log-" + pod.uid() + "-" + spec.text("name"));
    mounts.put(path.isEmpty() ? "/dev/termination-log" : path, log);
    String account = pod.text("spec", "serviceAccountName");
    PodRun run =
        new PodRun(
            pod,
            container,
            volumes.environment(pod, spec),
            mounts,
            server.asUser(
                ApiServer.serviceAccount(pod.namespace(), account.isEmpty() ? "default" : account)),
            clock);
    PodProgram program = programs.of(pod, container);
    return new LivePod.Box(spec.text("name"), () -> program.start(run), log);
  }

  private void follow(KubeObject pod, LivePod live) throws KubeException {
    live.advance();
    if (live.isOver() && restarts(pod, live)) {
      live.restart();
      timers.wakeIn(Duration.ofSeconds(10));
      return;
    }
    if (live.isNews(pod)) {
      live.reported(report(pod, live.describe(pod)));
    }
    if (!live.isOver()) {
      wakeFor(live);
    }
  }

  private static boolean restarts(KubeObject pod, LivePod live) {
    return switch (pod.text("spec", "restartPolicy")) {
      case "Never" -> false;
      case "OnFailure" -> !live.hasSucceeded();
      default -> true;
    };
  }

  private void wakeFor(LivePod live) {
    timers.wakeIn(Duration.between(clock.instant(), live.next()));
  }

  private void wait(KubeObject pod, String reason, String message) throws KubeException {
    String name = firstContainer(pod).text("name");
    KubeObject _ =
        report(
            pod,
            pod.with(
                    Json.Arr.of(PodStatus.waiting(name, reason, message)),
                    "status",
                    "containerStatuses")
                .with("Pending", "status", "phase"));
  }

  private static KubeObject firstContainer(KubeObject pod) {
    return new KubeObject(pod.array("spec", "containers").objects().getFirst());
  }

  private KubeObject report(KubeObject pod, KubeObject wanted) throws KubeException {
    KubeObject complete =
        wanted.text("status", "startTime").isEmpty()
            ? wanted.with(clock.instant(), "status", "startTime")
            : wanted;
    return wanted.equals(pod) ? pod : api.replaceStatus(Resource.PODS, complete);
  }
}
