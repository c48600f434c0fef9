package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.config.BlockConfig;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// Keeps the snapshot that a backup was made from, where the driver needs it for the next delta:
/// the newest of each claim. Its label tells it from what was left behind.
///
/// The storage's snapshot stays with the pair of snapshot and content (`Delete`): who deletes the
/// snapshot deletes it as well.
final class BaseSnapshots {
  private final ApiCalls calls;
  private final BlockConfig config;

  BaseSnapshots(ApiCalls calls, BlockConfig config) {
    this.calls = calls;
    this.config = config;
  }

  /// Keeps a transfer's snapshot instead of the one before, if it is to be kept; then it is the
  /// transfer's no more.
  void keep(Transfer transfer) throws KubeException {
    SnapshotOrigin origin = SnapshotOrigin.of(transfer);
    if (transfer.phase() != Phase.COMPLETED
        || !config.retainedDrivers().contains(origin.driver())
        || !UploadPod.isInBlocks(transfer, origin, config)) {
      return;
    }
    String name = Names.object(transfer.name());
    Optional<KubeObject> content = calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", name);
    Optional<KubeObject> snapshot =
        calls.find(Resource.VOLUME_SNAPSHOTS, transfer.namespace(), name);
    if (!isLiving(content, transfer) || !isLiving(snapshot, transfer)) {
      return;
    }
    String claim = claim(transfer);
    Json.Obj patch = labels(claim);
    // The snapshot last: as long as it is the transfer's, all of this is done again.
    calls.patch(Resource.VOLUME_SNAPSHOT_CONTENTS, content.get(), patch);
    for (KubeObject older : kept(transfer.namespace(), claim)) {
      if (!older.name().equals(name)) {
        calls.delete(Resource.VOLUME_SNAPSHOTS, older);
      }
    }
    calls.patch(Resource.VOLUME_SNAPSHOTS, snapshot.get(), patch);
  }

  private static boolean isLiving(Optional<KubeObject> object, Transfer transfer) {
    return object.isPresent()
        && !object.get().isBeingDeleted()
        && (object.get().label(Names.OWNER_UID_LABEL).equals(transfer.uid())
            || object.get().label(Names.BASE_OF_LABEL).equals(claim(transfer)));
  }

  private static String claim(Transfer transfer) {
    return Names.label(
        transfer.object().text("spec", "sourceNamespace")
            + "."
            + transfer.object().text("spec", "sourcePVC"));
  }

  private static Json.Obj labels(String claim) {
    return Json.Obj.of(
        "metadata",
        Json.Obj.of(
            "labels",
            Json.Obj.EMPTY
                .with(Names.OWNER_UID_LABEL, Json.Null.NULL)
                .with(Names.BASE_OF_LABEL, claim)));
  }

  private Iterable<KubeObject> kept(String namespace, String claim) throws KubeException {
    return calls
        .api()
        .list(
            Resource.VOLUME_SNAPSHOTS,
            namespace,
            ListOptions.withLabels(Names.BASE_OF_LABEL + "=" + claim))
        .items();
  }
}
