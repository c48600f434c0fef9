package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.storage.ClaimProtection;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How Velero's server has the volumes of pods restored in place: it makes the pod with an init
/// container that waits, and asks for its volumes.
final class PodVolumeRestores {
  private final KubeApi api;
  private final VeleroSettings velero;

  PodVolumeRestores(KubeApi api, VeleroSettings velero) {
    this.api = api;
    this.velero = velero;
  }

  /// Asks for what is missing, and looks at what there is.
  ///
  /// @return whether all of a restore's pod volumes are done
  boolean advance(KubeObject restore, Archive.Kept kept) throws KubeException {
    boolean isDone = true;
    for (KubeObject backup : kept.podVolumeBackups()) {
      if (backup.text("status", "phase").equals("Completed")) {
        isDone &= isRestored(restore, kept, backup);
      }
    }
    return isDone;
  }

  private boolean isRestored(KubeObject restore, Archive.Kept kept, KubeObject backup)
      throws KubeException {
    Optional<KubeObject> pod =
        kept.pods().stream()
            .filter(one -> one.uid().equals(backup.text("spec", "pod", "uid")))
            .findFirst();
    if (pod.isEmpty()) {
      return true;
    }
    KubeObject target = target(restore, kept, pod.get());
    Optional<KubeObject> existing =
        existing(restore).stream()
            .filter(one ->
                one.text("spec", "volume").equals(backup.text("spec", "volume"))
                    && one.text("spec", "pod", "uid").equals(target.uid()))
            .findFirst();
    if (existing.isEmpty()) {
      if (Repositories.isReady(api, velero, pod.get().namespace())) {
        api.create(Kinds.POD_VOLUME_RESTORES, request(restore, backup, target));
      }
      return false;
    }
    return Backups.FINAL.contains(existing.get().text("status", "phase"));
  }

  private List<KubeObject> existing(KubeObject restore) throws KubeException {
    return api.list(
            Kinds.POD_VOLUME_RESTORES,
            velero.namespace(),
            ListOptions.withLabels(Labels.RESTORE_UID + "=" + restore.uid()))
        .items();
  }

  /// The pod in its new namespace; made if it is not there.
  private KubeObject target(KubeObject restore, Archive.Kept kept, KubeObject pod)
      throws KubeException {
    String namespace =
        restore
            .object("spec", "namespaceMapping")
            .strings()
            .getOrDefault(pod.namespace(), pod.namespace());
    try {
      return api.get(Resource.PODS, namespace, pod.name());
    } catch (KubeException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
    List<String> volumes =
        kept.podVolumeBackups().stream()
            .filter(one -> one.text("spec", "pod", "uid").equals(pod.uid()))
            .map(one -> one.text("spec", "volume"))
            .toList();
    List<Json> mounts = new ArrayList<>();
    for (String volume : volumes) {
      mounts.add(Json.Obj.EMPTY.with("name", volume).with("mountPath", "/restores/" + volume));
    }
    Json.Obj init =
        Json.Obj.EMPTY
            .with("name", "restore-wait")
            .with("image", "velero/velero")
            .with("command", Json.Arr.ofStrings(List.of("/velero-restore-helper")))
            .with("args", Json.Arr.ofStrings(List.of(restore.uid())))
            .with("volumeMounts", new Json.Arr(mounts));
    List<Json> inits = new ArrayList<>();
    inits.add(init);
    inits.addAll(pod.array("spec", "initContainers").elements());
    for (Json.Obj volume : pod.array("spec", "volumes").objects()) {
      ensureClaim(pod, namespace, ClaimProtection.claimOf(volume));
    }
    return api.create(
        Resource.PODS,
        KubeObject.of(Resource.PODS, namespace, pod.name())
            .with(pod.object("spec"), "spec")
            .without("spec", "nodeName")
            .with(new Json.Arr(inits), "spec", "initContainers"));
  }

  private void ensureClaim(KubeObject pod, String namespace, String name) throws KubeException {
    if (name.isEmpty() || namespace.equals(pod.namespace())) {
      return;
    }
    KubeObject claim = api.get(Resource.CLAIMS, pod.namespace(), name);
    try {
      api.create(
          Resource.CLAIMS,
          KubeObject.of(Resource.CLAIMS, namespace, name)
              .with(claim.object("spec"), "spec")
              .without("spec", "volumeName"));
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  private KubeObject request(KubeObject restore, KubeObject backup, KubeObject pod) {
    Json.Obj reference =
        Json.Obj.EMPTY
            .with("kind", "Pod")
            .with("namespace", pod.namespace())
            .with("name", pod.name())
            .with("uid", pod.uid());
    return KubeObject.of(Kinds.POD_VOLUME_RESTORES, velero.namespace(), "")
        .without("metadata", "name")
        .with(restore.name() + "-", "metadata", "generateName")
        .withLabel(Labels.RESTORE_NAME, Labels.shortened(restore.name()))
        .withLabel(Labels.RESTORE_UID, restore.uid())
        .withLabel("velero.io/pod-uid", pod.uid())
        .with(Labels.ownedBy(restore), "metadata", "ownerReferences")
        .with(reference, "spec", "pod")
        .with(backup.text("spec", "volume"), "spec", "volume")
        .with(velero.location(), "spec", "backupStorageLocation")
        .with("", "spec", "repoIdentifier")
        .with("kopia", "spec", "uploaderType")
        .with(backup.text("status", "snapshotID"), "spec", "snapshotID")
        .with(backup.text("spec", "pod", "namespace"), "spec", "sourceNamespace")
        .with(backup.number("status", "progress", "totalBytes"), "spec", "snapshotSize");
  }

  /// Cancels the transfers of a restore.
  void cancel(KubeObject restore) throws KubeException {
    for (KubeObject one : existing(restore)) {
      if (!Backups.FINAL.contains(one.text("status", "phase"))) {
        api.patch(
            Kinds.POD_VOLUME_RESTORES,
            one.namespace(),
            one.name(),
            Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
      }
    }
  }
}
