package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.util.List;
import java.util.Optional;

/// Removes what was made for a transfer, found by its label, in the order in which it depends on
/// each other: a snapshot goes after the volume made from it, a volume after the pod that uses it.
final class Leftovers {
  private final ApiCalls calls;

  Leftovers(ApiCalls calls) {
    this.calls = calls;
  }

  /// Deletes the pods.
  ///
  /// @return what is still there; empty when nothing is left
  Optional<String> removePods(Transfer transfer) throws KubeException {
    List<KubeObject> pods = made(Resource.PODS, transfer);
    for (KubeObject pod : pods) {
      calls.delete(Resource.PODS, pod);
    }
    return stillThere(pods);
  }

  /// Deletes the claims with their volumes, whatever the volumes' policy.
  Optional<String> removeClaims(Transfer transfer) throws KubeException {
    return removeClaims(transfer, "");
  }

  /// Deletes the claims with their volumes.
  ///
  /// @param kept the volume that stays, if its policy is to; empty: none
  Optional<String> removeClaims(Transfer transfer, String kept) throws KubeException {
    List<KubeObject> claims = made(Resource.CLAIMS, transfer);
    for (KubeObject claim : claims) {
      if (!claim.isBeingDeleted() && !claim.text("spec", "volumeName").equals(kept)) {
        dropWithClaim(claim.text("spec", "volumeName"), claim.uid());
      }
      calls.delete(Resource.CLAIMS, claim);
    }
    return stillThere(claims);
  }

  /// Sees to it that a volume goes with the claim that holds it.
  private void dropWithClaim(String volume, String claimUid) throws KubeException {
    if (volume.isEmpty()) {
      return;
    }
    Optional<KubeObject> found = calls.find(Resource.VOLUMES, "", volume);
    if (found.isPresent()
        && found.get().text("spec", "claimRef", "uid").equals(claimUid)
        && !found.get().text("spec", "persistentVolumeReclaimPolicy").equals("Delete")) {
      calls.patch(Resource.VOLUMES, found.get(), reclaim("Delete"));
    }
  }

  static Json.Obj reclaim(String policy) {
    return Json.Obj.of("spec", Json.Obj.EMPTY.with("persistentVolumeReclaimPolicy", policy));
  }

  /// Deletes volume snapshots; the storage's snapshots go with them.
  Optional<String> removeSnapshots(Transfer transfer) throws KubeException {
    List<KubeObject> snapshots = made(Resource.VOLUME_SNAPSHOTS, transfer);
    for (KubeObject snapshot : snapshots) {
      calls.delete(Resource.VOLUME_SNAPSHOTS, snapshot);
    }
    if (!snapshots.isEmpty()) {
      return stillThere(snapshots);
    }
    // A content whose snapshot was never made, or is gone without it.
    Optional<KubeObject> content =
        calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", Names.object(transfer.name()));
    if (content.isPresent() && content.get().label(Names.OWNER_UID_LABEL).equals(transfer.uid())) {
      calls.delete(Resource.VOLUME_SNAPSHOT_CONTENTS, content.get());
      return Optional.of("snapshot content " + content.get().name());
    }
    return Optional.empty();
  }

  private List<KubeObject> made(Resource resource, Transfer transfer) throws KubeException {
    return calls
        .api()
        .list(
            resource,
            transfer.namespace(),
            ListOptions.withLabels(Names.OWNER_UID_LABEL + "=" + transfer.uid()))
        .items();
  }

  private static Optional<String> stillThere(List<KubeObject> objects) {
    return objects.stream().findFirst().map(one -> one.kind() + " " + one.name());
  }
}
