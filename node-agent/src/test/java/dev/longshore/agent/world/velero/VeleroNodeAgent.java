package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Delay;
import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Velero's own node-agent on one node, with the three habits by which it touches what is another
/// mover's: at its start it takes over whatever is in progress on its node, or cancels it; it
/// reacts to every pod on its node that has one of its labels; and it counts every transfer that is
/// labelled as being exposed.
///
/// Its own transfers pass through their phases without doing anything.
public final class VeleroNodeAgent extends StandIn {
  private static final Set<String> BUILT_IN = Set.of("", "velero", "velero-fs", "velero-block");
  private static final String EXPOSING = "velero.io/expose-on-going";
  private static final SequencedMap<String, Resource> POD_LABELS = new LinkedHashMap<>();

  static {
    POD_LABELS.put("velero.io/data-upload", Kinds.DATA_UPLOADS);
    POD_LABELS.put("velero.io/data-download", Kinds.DATA_DOWNLOADS);
    POD_LABELS.put("velero.io/pod-volume-backup", Kinds.POD_VOLUME_BACKUPS);
    POD_LABELS.put("velero.io/pod-volume-restore", Kinds.POD_VOLUME_RESTORES);
  }

  private static final Delay STEP = Delay.millis(1_000, 10_000);
  private static final Delay QUEUE = Delay.of(Duration.ofSeconds(5));

  private final Home home;
  private final List<String> adopted = new ArrayList<>();
  private boolean started;

  /// Where the agent is.
  ///
  /// @param queueLength transfers that may be exposed at once in the whole cluster; 0: any number
  public record Home(String namespace, String node, int queueLength) {}

  public VeleroNodeAgent(Site site, Home home) {
    super(site);
    this.home = home;
  }

  @Override
  protected void work() throws KubeException {
    if (!started) {
      resume(Kinds.DATA_UPLOADS);
      resume(Kinds.DATA_DOWNLOADS);
      started = true;
    }
    watchPods();
    each(Kinds.DATA_UPLOADS, upload -> handle(Kinds.DATA_UPLOADS, upload));
    each(Kinds.DATA_DOWNLOADS, download -> handle(Kinds.DATA_DOWNLOADS, download));
  }

  /// Transfers of others that it believes to be its own, by name.
  public List<String> adopted() {
    return List.copyOf(adopted);
  }

  private void resume(Resource kind) throws KubeException {
    for (KubeObject transfer : list(kind, home.namespace)) {
      boolean isHere =
          transfer.text("status", "phase").equals("InProgress")
              && transfer.text("status", "node").equals(home.node);
      if (!isHere) {
        continue;
      }
      Optional<KubeObject> pod = find(Resource.PODS, home.namespace, transfer.name());
      boolean isOurs =
          pod.isPresent()
              && pod.get().array("spec", "volumes").objects().stream()
                  .anyMatch(volume -> new KubeObject(volume).text("name").equals(transfer.uid()));
      if (isOurs) {
        adopted.add(transfer.name());
      } else {
        cancel(kind, transfer, "resume InProgress transfer failed, mark it as cancel");
      }
    }
  }

  private void watchPods() throws KubeException {
    for (KubeObject pod :
        api.list(
                Resource.PODS, home.namespace, ListOptions.withFields("spec.nodeName=" + home.node))
            .items()) {
      for (Map.Entry<String, Resource> entry : POD_LABELS.entrySet()) {
        Optional<KubeObject> transfer =
            find(entry.getValue(), home.namespace, pod.label(entry.getKey()));
        if (transfer.isPresent()) {
          react(entry.getValue(), transfer.get(), pod);
        }
      }
    }
  }

  private void react(Resource kind, KubeObject transfer, KubeObject pod) throws KubeException {
    String phase = pod.text("status", "phase");
    if (adopted.contains(transfer.name()) && phase.equals("Succeeded")) {
      api.replace(kind, transfer.with("Completed", "status", "phase"));
      delete(Resource.PODS, pod);
    } else if (transfer.text("status", "phase").equals("Accepted")) {
      if (phase.equals("Running")) {
        api.replace(
            kind, transfer.with("Prepared", "status", "phase").with(home.node, "status", "node"));
      } else if (Set.of("Failed", "Unknown").contains(phase)) {
        cancel(kind, transfer, "pod is in abnormal state");
      }
    }
  }

  private void cancel(Resource kind, KubeObject transfer, String message) throws KubeException {
    if (!transfer.flag("spec", "cancel")) {
      api.patch(
          kind,
          transfer.namespace(),
          transfer.name(),
          Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true))
              .with("status", Json.Obj.EMPTY.with("message", message)));
    }
  }

  /// Its own transfers.
  private void handle(Resource kind, KubeObject transfer) throws KubeException {
    if (!BUILT_IN.contains(transfer.text("spec", "datamover"))) {
      return;
    }
    String phase = transfer.text("status", "phase");
    boolean isHere =
        transfer.text("status", "acceptedByNode").equals(home.node)
            || phase.isEmpty()
            || phase.equals("New");
    if (!isHere || Backups.FINAL.contains(phase)) {
      return;
    }
    if (!timers.isOver(transfer.uid() + phase, STEP)) {
      return;
    }
    if (transfer.flag("spec", "cancel")) {
      finish(kind, transfer, "Canceled");
      return;
    }
    switch (phase) {
      case "", "New" -> accept(kind, transfer);
      case "Accepted" ->
          api.replace(
              kind, transfer.with("Prepared", "status", "phase").with(home.node, "status", "node"));
      case "Prepared" ->
          api.replace(
              kind,
              transfer
                  .without("metadata", "labels", EXPOSING)
                  .with("InProgress", "status", "phase")
                  .with(clock.instant(), "status", "startTimestamp"));
      default ->
          finish(
              kind, transfer.with("velero-" + transfer.uid(), "status", "snapshotID"), "Completed");
    }
  }

  private void accept(Resource kind, KubeObject transfer) throws KubeException {
    int exposing = 0;
    for (Resource one : POD_LABELS.values()) {
      exposing +=
          api.list(one, home.namespace, ListOptions.withLabels(EXPOSING + "=true")).items().size();
    }
    if (home.queueLength > 0 && exposing >= home.queueLength) {
      timers.restart(transfer.uid() + transfer.text("status", "phase"), QUEUE);
      return;
    }
    api.replace(
        kind,
        transfer
            .withLabel(EXPOSING, "true")
            .with("Accepted", "status", "phase")
            .with(home.node, "status", "acceptedByNode")
            .with(clock.instant(), "status", "acceptedTimestamp"));
  }

  private void finish(Resource kind, KubeObject transfer, String phase) throws KubeException {
    if (kind.equals(Kinds.DATA_UPLOADS)) {
      Optional<KubeObject> snapshot =
          find(
              Resource.VOLUME_SNAPSHOTS,
              transfer.text("spec", "sourceNamespace"),
              transfer.text("spec", "csiSnapshot", "volumeSnapshot"));
      if (snapshot.isPresent()) {
        delete(Resource.VOLUME_SNAPSHOTS, snapshot.get());
      }
    }
    api.replace(
        kind,
        transfer
            .without("metadata", "labels", EXPOSING)
            .with(phase, "status", "phase")
            .with(clock.instant(), "status", "completionTimestamp"));
  }
}
