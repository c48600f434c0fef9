package dev.longshore.agent.world;

import dev.longshore.agent.world.storage.Disks;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks for what nobody needs any more: objects that movers have made, volumes and snapshots
/// without an owner, and disks and storage snapshots that no object knows.
public final class Leaks {
  private static final String OURS = "longshore.dev/";
  private static final Set<String> FINAL = Set.of("Completed", "Failed", "Canceled");

  private final ApiServer server;
  private final Disks disks;
  private final String veleroNamespace;
  private final List<String> found = new ArrayList<>();

  private Leaks(ApiServer server, Disks disks, String veleroNamespace) {
    this.server = server;
    this.disks = disks;
    this.veleroNamespace = veleroNamespace;
  }

  /// What should not be there once all transfers are over, a line each.
  static List<String> in(ApiServer server, Disks disks, String veleroNamespace) {
    Leaks leaks = new Leaks(server, disks, veleroNamespace);
    leaks.findOurs();
    leaks.findSnapshots();
    leaks.findVolumes();
    leaks.findTransfers();
    leaks.findStorage();
    return List.copyOf(leaks.found);
  }

  private void add(KubeObject object, String why) {
    String place = object.namespace().isEmpty() ? "" : object.namespace() + "/";
    found.add(object.kind() + " " + place + object.name() + ": " + why);
  }

  private void findOurs() {
    for (Resource resource :
        List.of(
            Resource.PODS,
            Resource.CLAIMS,
            Resource.VOLUMES,
            Resource.VOLUME_SNAPSHOTS,
            Resource.VOLUME_SNAPSHOT_CONTENTS,
            Resource.SECRETS,
            Resource.CONFIG_MAPS)) {
      for (KubeObject object : server.all(resource)) {
        boolean isOurs = object.labels().keySet().stream().anyMatch(key -> key.startsWith(OURS));
        boolean isOfJob =
            object.array("metadata", "ownerReferences").objects().stream()
                .anyMatch(owner -> new KubeObject(owner).kind().equals("Job"));
        if (isOurs && !isOfJob && !isRecordOfLivingBackup(object)) {
          add(object, "left by a mover " + object.labels());
        } else if (isStranded(resource, object) && !isOfJob) {
          add(object, "left in Velero's namespace");
        }
      }
    }
  }

  private boolean isRecordOfLivingBackup(KubeObject object) {
    String backup = object.annotation(OURS + "backup");
    return !backup.isEmpty() && server.find(Kinds.BACKUPS, veleroNamespace, backup) != null;
  }

  private boolean isStranded(Resource resource, KubeObject object) {
    boolean isTransient =
        resource.equals(Resource.PODS)
            || resource.equals(Resource.CLAIMS)
            || resource.equals(Resource.VOLUME_SNAPSHOTS);
    return isTransient
        && object.namespace().equals(veleroNamespace)
        && object.label("role").isEmpty();
  }

  private void findSnapshots() {
    Set<String> uids = new HashSet<>();
    for (KubeObject snapshot : server.all(Resource.VOLUME_SNAPSHOTS)) {
      uids.add(snapshot.uid());
      if (!snapshot.label("velero.io/backup-name").isEmpty()) {
        add(snapshot, "a backup's snapshot that nobody has taken over");
      }
    }
    for (KubeObject content : server.all(Resource.VOLUME_SNAPSHOT_CONTENTS)) {
      if (!uids.contains(content.text("spec", "volumeSnapshotRef", "uid"))) {
        add(content, "has no VolumeSnapshot, policy " + content.text("spec", "deletionPolicy"));
      }
    }
  }

  private void findVolumes() {
    Set<String> names = new HashSet<>();
    for (KubeObject volume : server.all(Resource.VOLUMES)) {
      names.add(volume.name());
      if (!volume.text("status", "phase").equals("Bound")) {
        add(volume, "is " + volume.text("status", "phase"));
        continue;
      }
      KubeObject storageClass =
          server.find(Resource.STORAGE_CLASSES, "", volume.text("spec", "storageClassName"));
      String policy = volume.text("spec", "persistentVolumeReclaimPolicy");
      String wanted = storageClass == null ? "" : storageClass.text("reclaimPolicy");
      if (!wanted.isEmpty() && !wanted.equals(policy)) {
        add(volume, "has the policy " + policy + " and its class " + wanted);
      }
    }
    for (KubeObject attachment : server.all(Resource.VOLUME_ATTACHMENTS)) {
      if (!names.contains(attachment.text("spec", "source", "persistentVolumeName"))) {
        add(attachment, "of a volume that is gone");
      }
    }
  }

  private void findTransfers() {
    for (Resource resource :
        List.of(
            Kinds.DATA_UPLOADS,
            Kinds.DATA_DOWNLOADS,
            Kinds.POD_VOLUME_BACKUPS,
            Kinds.POD_VOLUME_RESTORES)) {
      for (KubeObject transfer : server.all(resource)) {
        String phase = transfer.text("status", "phase");
        if (!FINAL.contains(phase)) {
          add(transfer, "is still " + (phase.isEmpty() ? "New" : phase));
        } else if (!transfer.finalizers().isEmpty()) {
          add(transfer, "is over and has finalizers " + transfer.finalizers());
        }
      }
    }
  }

  private void findStorage() {
    Set<String> handles = new HashSet<>();
    for (KubeObject volume : server.all(Resource.VOLUMES)) {
      handles.add(volume.text("spec", "csi", "volumeHandle"));
    }
    for (KubeObject content : server.all(Resource.VOLUME_SNAPSHOT_CONTENTS)) {
      handles.add(content.text("status", "snapshotHandle"));
      handles.add(content.text("spec", "source", "snapshotHandle"));
    }
    for (Disks.Disk disk : disks.disks().values()) {
      if (!handles.contains(disk.handle())) {
        found.add("disk " + disk.handle() + " (" + disk.name() + "): no volume knows it");
      }
    }
    for (Disks.Disk snapshot : disks.snapshots().values()) {
      if (!handles.contains(snapshot.handle())) {
        found.add(
            "storage snapshot " + snapshot.handle() + " (" + snapshot.name() + "): no content");
      }
    }
  }
}
