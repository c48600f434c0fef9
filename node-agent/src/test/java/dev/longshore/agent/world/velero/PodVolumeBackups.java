package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.storage.ClaimProtection;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.util.List;
import java.util.Optional;

/// How Velero's server has the volumes of running pods backed up in place.
final class PodVolumeBackups {
  private final KubeApi api;
  private final VeleroSettings velero;

  PodVolumeBackups(KubeApi api, VeleroSettings velero) {
    this.api = api;
    this.velero = velero;
  }

  /// Asks for what is missing, and looks at what there is.
  ///
  /// @return whether all of a backup's pod volumes are done
  boolean advance(KubeObject backup, Archive.Kept kept) throws KubeException {
    if (kept.pods().isEmpty()) {
      return true;
    }
    List<KubeObject> existing = existing(backup);
    boolean isDone = true;
    for (KubeObject pod : kept.pods()) {
      if (pod.text("status", "phase").equals("Running")) {
        for (Json.Obj volume : pod.array("spec", "volumes").objects()) {
          isDone &= isBackedUp(backup, pod, new KubeObject(volume), existing);
        }
      }
    }
    boolean isOver =
        isDone
            && existing.stream()
                .allMatch(one -> Backups.FINAL.contains(one.text("status", "phase")));
    if (isOver) {
      for (KubeObject one : existing) {
        if (!one.text("status", "phase").equals("Completed")) {
          kept.errors().add(one.name() + ": " + one.text("status", "message"));
        }
      }
      kept.podVolumeBackups().addAll(existing);
    }
    return isOver;
  }

  private List<KubeObject> existing(KubeObject backup) throws KubeException {
    return api.list(
            Kinds.POD_VOLUME_BACKUPS,
            velero.namespace(),
            ListOptions.withLabels(Labels.BACKUP_UID + "=" + backup.uid()))
        .items();
  }

  private boolean isBackedUp(
      KubeObject backup, KubeObject pod, KubeObject volume, List<KubeObject> existing)
      throws KubeException {
    String claimName = ClaimProtection.claimOf(volume.json());
    if (claimName.isEmpty() && volume.at("emptyDir") == null) {
      return true;
    }
    String name = volume.text("name");
    boolean isAsked =
        existing.stream()
            .anyMatch(one ->
                one.text("spec", "volume").equals(name)
                    && one.text("spec", "pod", "uid").equals(pod.uid()));
    if (isAsked) {
      return true;
    }
    if (!Repositories.isReady(api, velero, pod.namespace())) {
      return false;
    }
    api.create(Kinds.POD_VOLUME_BACKUPS, request(backup, pod, name, claim(pod, claimName)));
    return false;
  }

  private Optional<KubeObject> claim(KubeObject pod, String name) throws KubeException {
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(api.get(Resource.CLAIMS, pod.namespace(), name));
  }

  private KubeObject request(
      KubeObject backup, KubeObject pod, String volume, Optional<KubeObject> claim) {
    Json.Obj tags =
        Json.Obj.EMPTY
            .with("backup", backup.name())
            .with("backup-uid", backup.uid())
            .with("pod", pod.name())
            .with("pod-uid", pod.uid())
            .with("ns", pod.namespace())
            .with("volume", volume);
    Json.Obj reference =
        Json.Obj.EMPTY
            .with("kind", "Pod")
            .with("namespace", pod.namespace())
            .with("name", pod.name())
            .with("uid", pod.uid());
    KubeObject request =
        KubeObject.of(Kinds.POD_VOLUME_BACKUPS, velero.namespace(), "")
            .without("metadata", "name")
            .with(backup.name() + "-", "metadata", "generateName")
            .withLabel(Labels.BACKUP_NAME, Labels.shortened(backup.name()))
            .withLabel(Labels.BACKUP_UID, backup.uid())
            .with(Labels.ownedBy(backup), "metadata", "ownerReferences")
            .with(pod.text("spec", "nodeName"), "spec", "node")
            .with(reference, "spec", "pod")
            .with(volume, "spec", "volume")
            .with(velero.location(), "spec", "backupStorageLocation")
            .with("", "spec", "repoIdentifier")
            .with("kopia", "spec", "uploaderType");
    if (claim.isPresent()) {
      tags = tags.with("pvc-uid", claim.get().uid());
      request =
          request
              .withLabel(Labels.CLAIM_UID, claim.get().uid())
              .withAnnotation("velero.io/pvc-name", claim.get().name());
    }
    return request.with(tags, "spec", "tags");
  }

  /// Cancels the transfers of a backup.
  void cancel(KubeObject backup) throws KubeException {
    for (KubeObject one : existing(backup)) {
      if (!Backups.FINAL.contains(one.text("status", "phase"))) {
        api.patch(
            Kinds.POD_VOLUME_BACKUPS,
            one.namespace(),
            one.name(),
            Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
      }
    }
  }
}
