package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Exposes a volume of a running pod: a mover on the same node that sees the folder of that pod's
/// volumes, and nothing else of the node.
public final class PodVolumeExposer implements Exposer {
  /// Who asked for the snapshot, in the repository's tags and paths.
  public static final String REQUESTER = "snapshot-pod-volume";

  private final ApiCalls calls;
  private final PodTemplate template;
  private final Leftovers leftovers;

  public PodVolumeExposer(KubeApi api, PodTemplate template) {
    this.calls = new ApiCalls(api);
    this.template = template;
    this.leftovers = new Leftovers(calls);
  }

  private static String podNamespace(Transfer transfer) {
    return transfer.object().text("spec", "pod", "namespace");
  }

  private static String podName(Transfer transfer) {
    return transfer.object().text("spec", "pod", "name");
  }

  private Optional<KubeObject> user(Transfer transfer) throws KubeException {
    return calls
        .find(Resource.PODS, podNamespace(transfer), podName(transfer))
        .filter(found -> {
          String uid = transfer.object().text("spec", "pod", "uid");
          return uid.isEmpty() || uid.equals(found.uid());
        });
  }

  @Override
  public Optional<String> awaited(Transfer transfer) throws KubeException {
    if (transfer.kind() == TransferKind.POD_VOLUME_BACKUP) {
      return Optional.empty();
    }
    Optional<KubeObject> user = user(transfer);
    if (user.isEmpty()) {
      return Optional.of("pod %s/%s".formatted(podNamespace(transfer), podName(transfer)));
    }
    return switch (WaitingContainer.of(user.get())) {
      case RUNNING, IMPOSSIBLE -> Optional.empty(); // what is impossible is said when exposing
      case EXPECTED ->
          Optional.of(
              "pod %s/%s to wait for its volumes"
                  .formatted(podNamespace(transfer), podName(transfer)));
    };
  }

  @Override
  public Exposure expose(Transfer transfer, Repository repository)
      throws KubeException, ExposeException {
    String name = Names.pod(transfer.name(), transfer.attempt());
    if (calls.find(Resource.PODS, transfer.namespace(), name).isPresent()) {
      return new Exposure.Ready(name);
    }
    KubeObject user =
        user(transfer)
            .orElseThrow(() ->
                new ExposeException(
                    "pod %s/%s is gone".formatted(podNamespace(transfer), podName(transfer))));
    String node = user.text("spec", "nodeName");
    if (node.isEmpty()) {
      return new Exposure.Waiting("pod " + user.name() + " to be on a node");
    }
    if (transfer.kind() == TransferKind.POD_VOLUME_RESTORE
        && WaitingContainer.of(user) == WaitingContainer.IMPOSSIBLE) {
      throw new ExposeException(
          "pod %s/%s does not wait for its volumes: it has no running init container %s"
              .formatted(user.namespace(), user.name(), Velero.RESTORE_WAIT));
    }
    Found found = volume(transfer, user);
    MoverPod pod =
        new MoverPod(template, transfer.kind().isBackup() ? TaskKind.BACKUP : TaskKind.RESTORE)
            .worksFor(transfer)
            .repository(repository)
            .podVolume(user.uid(), found.directory(), transfer.kind().isBackup())
            .pinned(node);
    if (transfer.kind().isBackup()) {
      backup(pod, transfer, found);
    } else {
      RestoreOptions.add(pod, transfer, template.config().own());
      transfer.object().array("metadata", "ownerReferences").objects().stream()
          .findFirst()
          .ifPresent(
              owner -> pod.option(TaskOption.COMPLETION_MARKER, new KubeObject(owner).text("uid")));
    }
    calls.ensure(
        Resource.PODS,
        pod.build(transfer.kind().resource(), transfer.object(), name),
        Names.OWNER_UID_LABEL);
    return new Exposure.Ready(name);
  }

  private void backup(MoverPod pod, Transfer transfer, Found found) {
    Map<String, String> tags = new HashMap<>(transfer.object().object("spec", "tags").strings());
    tags.put("snapshot-requester", REQUESTER);
    tags.put("snapshot-uploader", "kopia");
    String source =
        found.claim().isEmpty() ? transfer.object().text("spec", "volume") : found.claim();
    BackupOptions.add(
        pod,
        template.config().own(),
        REQUESTER + "/kopia/" + podNamespace(transfer) + "/" + podName(transfer) + "/" + source,
        tags);
    String parent = transfer.object().text("spec", "parentSnapshot");
    pod.option(TaskOption.PARENT, parent.isEmpty() ? "auto" : parent);
    pod.option(TaskOption.PARALLEL, BackupOptions.parallel(transfer, "ParallelFilesUpload"));
  }

  /// Where a kubelet has a volume.
  ///
  /// @param directory below the folder of its plugin
  /// @param claim that it is of; empty for volumes without
  private record Found(String directory, String claim) {}

  private Found volume(Transfer transfer, KubeObject user) throws KubeException, ExposeException {
    String name = transfer.object().text("spec", "volume");
    KubeObject volume = null;
    for (Json.Obj one : user.array("spec", "volumes").objects()) {
      KubeObject candidate = new KubeObject(one);
      if (candidate.text("name").equals(name)) {
        volume = candidate;
      }
    }
    if (volume == null) {
      throw new ExposeException("pod %s has no volume %s".formatted(user.name(), name));
    }
    if (volume.at("hostPath") != null) {
      throw new ExposeException("volume %s is a folder of the node".formatted(name));
    }
    if (volume.at("csi") != null) {
      return new Found(name + "/mount", "");
    }
    String claimName = volume.text("persistentVolumeClaim", "claimName");
    if (volume.at("ephemeral") != null) {
      claimName = user.name() + "-" + name;
    }
    return claimName.isEmpty() ? new Found(name, "") : claimed(user, claimName);
  }

  private Found claimed(KubeObject user, String claimName) throws KubeException, ExposeException {
    Optional<KubeObject> claim = calls.find(Resource.CLAIMS, user.namespace(), claimName);
    String volumeName = claim.map(one -> one.text("spec", "volumeName")).orElse("");
    Optional<KubeObject> volume =
        volumeName.isEmpty() ? Optional.empty() : calls.find(Resource.VOLUMES, "", volumeName);
    if (volume.isEmpty()) {
      throw new ExposeException("claim %s/%s has no volume".formatted(user.namespace(), claimName));
    }
    if (volume.get().text("spec", "volumeMode").equals("Block")) {
      throw new ExposeException(
          "volume %s is a block device: only file systems are backed up from running pods"
              .formatted(volumeName));
    }
    boolean csi = volume.get().at("spec", "csi") != null;
    return new Found(csi ? volumeName + "/mount" : volumeName, claimName);
  }

  @Override
  public Optional<String> handOver(Transfer transfer) {
    return Optional.empty();
  }

  @Override
  public boolean isHandingOver(Transfer transfer) {
    return false;
  }

  @Override
  public Optional<String> cleanUp(Transfer transfer) throws KubeException {
    return leftovers.removePods(transfer);
  }
}
