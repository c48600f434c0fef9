package dev.longshore.agent.world;

import dev.longshore.agent.world.storage.ClaimProtection;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The least that a mover's controller can be, to test the world with: it mounts the claims
/// themselves, cleans up nothing but its pods, and forgives nothing.
final class HandMover extends StandIn {
  private static final SequencedMap<Resource, String> TASKS = new LinkedHashMap<>();

  static {
    TASKS.put(Kinds.DATA_UPLOADS, "backup");
    TASKS.put(Kinds.POD_VOLUME_BACKUPS, "backup");
    TASKS.put(Kinds.POD_VOLUME_RESTORES, "restore");
  }

  HandMover(Site site) {
    super(site);
  }

  @Override
  protected void work() throws KubeException {
    for (Resource kind : TASKS.keySet()) {
      each(kind, transfer -> sync(kind, transfer));
    }
  }

  private void sync(Resource kind, KubeObject transfer) throws KubeException {
    switch (transfer.text("status", "phase")) {
      case "", "New" -> {
        Optional<KubeObject> user =
            find(
                Resource.PODS,
                transfer.text("spec", "pod", "namespace"),
                transfer.text("spec", "pod", "name"));
        boolean isUpload = kind.equals(Kinds.DATA_UPLOADS);
        if (isUpload || user.filter(pod -> isThere(pod)).isPresent()) {
          KubeObject pod = pod(kind, transfer);
          api.create(Resource.PODS, isUpload ? pod : beside(user.orElseThrow(), transfer, pod));
          api.replace(kind, transfer.with("InProgress", "status", "phase"));
        }
      }
      case "InProgress" -> follow(kind, transfer);
      default -> {}
    }
  }

  private static boolean isThere(KubeObject pod) {
    return !pod.array("status", "containerStatuses").elements().isEmpty()
        && !pod.text("spec", "nodeName").isEmpty();
  }

  /// A mover of a pod's volume: on its node, and with the name of the volume's folder.
  private KubeObject beside(KubeObject user, KubeObject transfer, KubeObject pod)
      throws KubeException {
    String name = transfer.text("spec", "volume");
    String directory = name;
    for (Json.Obj volume : user.array("spec", "volumes").objects()) {
      Optional<KubeObject> claim =
          find(Resource.CLAIMS, user.namespace(), ClaimProtection.claimOf(volume));
      if (new KubeObject(volume).text("name").equals(name) && claim.isPresent()) {
        directory = claim.get().text("spec", "volumeName");
      }
    }
    Json.Obj container = pod.array("spec", "containers").objects().getFirst();
    List<Json> words = new ArrayList<>(new KubeObject(container).array("args").elements());
    words.add(new Json.Str(TaskOption.VOLUME_DIRECTORY + "=" + directory));
    return pod.with(user.text("spec", "nodeName"), "spec", "nodeName")
        .with(Json.Arr.of(container.with("args", new Json.Arr(words))), "spec", "containers");
  }

  private void follow(Resource kind, KubeObject transfer) throws KubeException {
    Optional<KubeObject> pod =
        find(Resource.PODS, namespace(kind, transfer), "hand-" + transfer.name());
    if (pod.isEmpty()) {
      api.replace(kind, transfer.with("Failed", "status", "phase"));
      return;
    }
    List<Json.Obj> statuses = pod.get().array("status", "containerStatuses").objects();
    KubeObject state = new KubeObject(statuses.isEmpty() ? Json.Obj.EMPTY : statuses.getFirst());
    if (state.at("state", "terminated") == null) {
      return;
    }
    delete(Resource.PODS, pod.get());
    try {
      TaskReport report = TaskReport.parse(state.text("state", "terminated", "message"));
      String phase =
          switch (report.outcome()) {
            case COMPLETED -> "Completed";
            case CANCELED -> "Canceled";
            case FAILED -> "Failed";
          };
      api.replace(
          kind,
          transfer
              .with(phase, "status", "phase")
              .with(report.snapshotId(), "status", "snapshotID")
              .with(report.message(), "status", "message"));
    } catch (IOException e) {
      if (e instanceof KubeException refused) {
        throw refused;
      }
      api.replace(kind, transfer.with("Failed", "status", "phase"));
    }
  }

  private static String namespace(Resource kind, KubeObject transfer) {
    return kind.equals(Kinds.DATA_UPLOADS)
        ? transfer.text("spec", "sourceNamespace")
        : transfer.namespace();
  }

  private static KubeObject pod(Resource kind, KubeObject transfer) {
    List<String> words = new ArrayList<>(List.of("data-mover", TASKS.getOrDefault(kind, "")));
    words.add(TaskOption.RESOURCE + "=" + kind.plural());
    words.add(TaskOption.RESOURCE_NAMESPACE + "=" + transfer.namespace());
    words.add(TaskOption.RESOURCE_NAME + "=" + transfer.name());
    words.add(TaskOption.VOLUME_PATH + "=/volume");
    words.add(TaskOption.SOURCE_PATH + "=" + transfer.text("spec", "sourcePVC"));
    words.add(TaskOption.SNAPSHOT + "=" + transfer.text("spec", "snapshotID"));
    Json.Obj volume = Json.Obj.of("name", new Json.Str("volume"));
    if (kind.equals(Kinds.DATA_UPLOADS)) {
      volume =
          volume.with(
              "persistentVolumeClaim",
              Json.Obj.EMPTY.with("claimName", transfer.text("spec", "sourcePVC")));
    } else {
      String path = "/var/lib/kubelet/pods/" + transfer.text("spec", "pod", "uid");
      volume = volume.with("hostPath", Json.Obj.EMPTY.with("path", path));
      if (kind.equals(Kinds.POD_VOLUME_RESTORES)) {
        String restore =
            new KubeObject(transfer.array("metadata", "ownerReferences").objects().getFirst())
                .text("uid");
        words.add(TaskOption.COMPLETION_MARKER + "=" + restore);
      }
    }
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", "mover")
            .with("image", "mover:1")
            .with("args", Json.Arr.ofStrings(words))
            .with(
                "volumeMounts",
                Json.Arr.of(Json.Obj.EMPTY.with("name", "volume").with("mountPath", "/volume")));
    return KubeObject.of(Resource.PODS, namespace(kind, transfer), "hand-" + transfer.name())
        .with("Never", "spec", "restartPolicy")
        .with(Json.Arr.of(container), "spec", "containers")
        .with(Json.Arr.of(volume), "spec", "volumes");
  }
}
