package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.Troubles;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// The PV controller's half that works on volumes, with the provisioner's that deletes them: they
/// are available, or released when their claim is gone, and then deleted with their disk or kept.
///
/// A volume that was made by hand (without the annotation of its provisioner) is nobody's to
/// delete: released, it fails, whatever its policy says.
public final class VolumeKeeper extends StandIn {
  static final String PROTECTION = "kubernetes.io/pv-protection";
  static final String DISK_PROTECTION = "external-provisioner.volume.kubernetes.io/finalizer";

  private final Disks disks;

  public VolumeKeeper(Site site, Disks disks) {
    super(site);
    this.disks = disks;
  }

  @Override
  protected void work() throws KubeException {
    each(Resource.VOLUMES, this::sync);
  }

  private void sync(KubeObject volume) throws KubeException {
    KubeObject current = volume;
    if (!volume.isBeingDeleted()) {
      current = finalizer(Resource.VOLUMES, current, PROTECTION, true);
      current = finalizer(Resource.VOLUMES, current, DISK_PROTECTION, isOursToDelete(current));
    }
    current = withPhase(current);
    boolean isFree = !current.text("status", "phase").equals("Bound");
    if (current.text("status", "phase").equals("Released") && deletes(current)) {
      reclaim(current);
    } else if (current.isBeingDeleted() && isFree && isDone(Delays.Of.PROTECTION, current)) {
      release(current);
    }
  }

  private KubeObject withPhase(KubeObject volume) throws KubeException {
    String before = volume.text("status", "phase");
    String phase;
    if (volume.text("spec", "claimRef", "uid").isEmpty()) {
      phase = "Available";
    } else if (claimOf(volume).isPresent()) {
      phase = before.isEmpty() ? "Available" : before;
    } else {
      phase = before.equals("Failed") ? before : "Released";
    }
    return phase.equals(before)
        ? volume
        : api.replaceStatus(Resource.VOLUMES, volume.with(phase, "status", "phase"));
  }

  private Optional<KubeObject> claimOf(KubeObject volume) throws KubeException {
    String uid = volume.text("spec", "claimRef", "uid");
    return find(
            Resource.CLAIMS,
            volume.text("spec", "claimRef", "namespace"),
            volume.text("spec", "claimRef", "name"))
        .filter(claim -> claim.uid().equals(uid));
  }

  private void reclaim(KubeObject volume) throws KubeException {
    if (!isProvisioned(volume)) {
      fail(volume, "no provisioner has made this volume, and none deletes it");
      return;
    }
    if (isAttached(volume) || !isDone(Delays.Of.DELETE_DISK, volume)) {
      return;
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.DELETE_DISK, volume);
    if (trouble.isPresent()) {
      event(volume, "Warning", "VolumeFailedDelete", trouble.get());
      retry(Delays.Of.DELETE_DISK, volume);
      return;
    }
    disks.delete(volume.text("spec", "csi", "volumeHandle"));
    delete(Resource.VOLUMES, volume);
    Optional<KubeObject> left = find(Resource.VOLUMES, "", volume.name());
    if (left.isPresent()) {
      release(left.get());
    }
  }

  /// Lets a volume go that is being deleted, with its disk unless that is to be kept.
  private void release(KubeObject volume) throws KubeException {
    if (isOursToDelete(volume)) {
      if (isAttached(volume)) {
        return;
      }
      disks.delete(volume.text("spec", "csi", "volumeHandle"));
    }
    KubeObject free = volume.withoutFinalizer(DISK_PROTECTION).withoutFinalizer(PROTECTION);
    if (!free.finalizers().equals(volume.finalizers())) {
      api.replace(Resource.VOLUMES, free);
    }
  }

  private void fail(KubeObject volume, String message) throws KubeException {
    event(volume, "Warning", "VolumeFailedDelete", message);
    api.replaceStatus(
        Resource.VOLUMES,
        volume.with("Failed", "status", "phase").with(message, "status", "message"));
  }

  private boolean isAttached(KubeObject volume) throws KubeException {
    return list(Resource.VOLUME_ATTACHMENTS, "").stream()
        .anyMatch(one -> one.text("spec", "source", "persistentVolumeName").equals(volume.name()));
  }

  private static boolean deletes(KubeObject volume) {
    return volume.text("spec", "persistentVolumeReclaimPolicy").equals("Delete");
  }

  private static boolean isProvisioned(KubeObject volume) {
    return !volume.annotation(Provisioner.PROVISIONED_BY).isEmpty();
  }

  private static boolean isOursToDelete(KubeObject volume) {
    return deletes(volume) && isProvisioned(volume);
  }
}
