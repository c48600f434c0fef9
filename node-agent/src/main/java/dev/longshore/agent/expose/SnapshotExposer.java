package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.Quantity;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.List;
import java.util.Optional;

/// Exposes the CSI snapshot of an upload: takes the snapshot over, makes a volume from it, and a
/// pod that reads it.
public final class SnapshotExposer implements Exposer {
  /// Who asked for the snapshot, in the repository's tags and paths.
  public static final String REQUESTER = "snapshot-data-upload-download";

  private static final String VSPHERE_SNAPSHOT = "csi.vsphere.volume/snapshot";
  private static final String VSPHERE_CHANGE = "csi.vsphere.volume/change-id";

  private final ApiCalls calls;
  private final PodTemplate template;
  private final Leftovers leftovers;
  private final SnapshotMove move;
  private final BaseSnapshots bases;
  private final UploadPod pods;

  public SnapshotExposer(KubeApi api, PodTemplate template) {
    this.calls = new ApiCalls(api);
    this.template = template;
    this.leftovers = new Leftovers(calls);
    this.move = new SnapshotMove(calls);
    this.bases = new BaseSnapshots(calls, template.config().blocks());
    this.pods = new UploadPod(api, template);
  }

  @Override
  public Optional<String> awaited(Transfer transfer) {
    return Optional.empty();
  }

  @Override
  public Exposure expose(Transfer transfer, Repository repository)
      throws KubeException, ExposeException {
    String pod = Names.pod(transfer.name(), transfer.attempt());
    if (calls.find(Resource.PODS, transfer.namespace(), pod).isPresent()) {
      return new Exposure.Ready(pod);
    }
    if (!SnapshotOrigin.isNoted(transfer)) {
      return note(transfer);
    }
    Optional<String> moving = move.advance(transfer);
    if (moving.isPresent()) {
      return new Exposure.Waiting(moving.get());
    }
    SnapshotOrigin origin = SnapshotOrigin.of(transfer);
    AgentConfig.BackupClaim settings = settings(transfer);
    calls.ensure(Resource.CLAIMS, claim(transfer, origin, settings), Names.OWNER_UID_LABEL);
    String storageClass =
        settings.storageClass().isEmpty() ? storageClass(transfer) : settings.storageClass();
    calls.ensure(
        Resource.PODS,
        pods.build(transfer, origin, settings, storageClass, repository),
        Names.OWNER_UID_LABEL);
    return new Exposure.Ready(pod);
  }

  private AgentConfig.BackupClaim settings(Transfer transfer) {
    return template.config().backupClaim(storageClass(transfer));
  }

  private static String storageClass(Transfer transfer) {
    return transfer.object().text("spec", "csiSnapshot", "storageClass");
  }

  /// Looks at the snapshot and its source once, and writes down what was seen.
  private Exposure note(Transfer transfer) throws KubeException, ExposeException {
    String namespace = transfer.object().text("spec", "sourceNamespace");
    String name = transfer.object().text("spec", "csiSnapshot", "volumeSnapshot");
    if (name.isEmpty()) {
      throw new ExposeException("only snapshots of CSI drivers can be exposed");
    }
    Optional<KubeObject> snapshot = calls.find(Resource.VOLUME_SNAPSHOTS, namespace, name);
    if (snapshot.isEmpty()) {
      throw new ExposeException("no volume snapshot %s/%s".formatted(namespace, name));
    }
    String contentName = snapshot.get().text("status", "boundVolumeSnapshotContentName");
    if (!snapshot.get().flag("status", "readyToUse") || contentName.isEmpty()) {
      String error = snapshot.get().text("status", "error", "message");
      return new Exposure.Waiting(
          "volume snapshot %s/%s to be ready%s"
              .formatted(namespace, name, error.isEmpty() ? "" : ": " + error));
    }
    Optional<KubeObject> content = calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", contentName);
    if (content.isEmpty()) {
      throw new ExposeException("no snapshot content " + contentName);
    }
    String handle = content.get().text("status", "snapshotHandle");
    if (handle.isEmpty()) {
      return new Exposure.Waiting("snapshot content " + contentName + " to have its handle");
    }
    SnapshotOrigin origin = origin(transfer, snapshot.get(), content.get());
    Json.Obj patch =
        Json.Obj.of(
            "metadata",
            Json.Obj.EMPTY
                .with("resourceVersion", transfer.object().resourceVersion())
                .with("annotations", Json.Obj.EMPTY.with(Names.ORIGIN, origin.toJson())));
    calls.api().patch(transfer.kind().resource(), transfer.namespace(), transfer.name(), patch);
    return new Exposure.Noted();
  }

  private SnapshotOrigin origin(Transfer transfer, KubeObject snapshot, KubeObject content)
      throws KubeException, ExposeException {
    String namespace = transfer.object().text("spec", "sourceNamespace");
    // The claim may be gone by now; its snapshot says most of it.
    Optional<KubeObject> claim =
        calls.find(Resource.CLAIMS, namespace, transfer.object().text("spec", "sourcePVC"));
    long bytes = Quantity.bytes(snapshot.text("status", "restoreSize")).orElse(0L);
    if (bytes == 0) {
      bytes =
          claim
              .flatMap(
                  found -> Quantity.bytes(found.text("spec", "resources", "requests", "storage")))
              .orElse(content.number("status", "restoreSize"));
    }
    if (bytes == 0) {
      throw new ExposeException(
          "neither volume snapshot %s/%s nor its source says how large the volume is"
              .formatted(namespace, snapshot.name()));
    }
    String mode =
        claim
            .map(found -> found.text("spec", "volumeMode"))
            .filter(found -> !found.isEmpty())
            .orElse(content.text("spec", "sourceVolumeMode"));
    return new SnapshotOrigin(
        snapshot.uid(),
        content.name(),
        content.text("status", "snapshotHandle"),
        content.text("spec", "driver"),
        content.text("spec", "volumeSnapshotClassName"),
        content.label("snapshot.storage.kubernetes.io/managed-by"),
        mode.equals("Block"),
        bytes,
        volumeId(snapshot, content, claim),
        changeId(snapshot, content),
        topology(transfer, claim));
  }

  private String volumeId(KubeObject snapshot, KubeObject content, Optional<KubeObject> claim)
      throws KubeException {
    String pair = snapshot.annotation(VSPHERE_SNAPSHOT);
    if (!pair.isEmpty()) {
      return pair.substring(0, pair.indexOf('+') < 0 ? pair.length() : pair.indexOf('+'));
    }
    String name = claim.map(found -> found.text("spec", "volumeName")).orElse("");
    Optional<KubeObject> volume =
        name.isEmpty() ? Optional.empty() : calls.find(Resource.VOLUMES, "", name);
    return volume
        .map(found -> found.text("spec", "csi", "volumeHandle"))
        .filter(handle -> !handle.isEmpty())
        .orElse(content.text("spec", "source", "volumeHandle"));
  }

  private static String changeId(KubeObject snapshot, KubeObject content) {
    String id = snapshot.annotation(VSPHERE_CHANGE);
    return id.isEmpty() ? content.text("status", "snapshotHandle") : id;
  }

  /// Where volumes are made on the node that uses them first, only nodes that reach the source can
  /// be meant.
  private Json.Arr topology(Transfer transfer, Optional<KubeObject> claim) throws KubeException {
    Optional<KubeObject> storageClass =
        calls.find(Resource.STORAGE_CLASSES, "", storageClass(transfer));
    boolean waits =
        storageClass
            .map(one -> one.text("volumeBindingMode").equals("WaitForFirstConsumer"))
            .orElse(false);
    String volume = claim.map(found -> found.text("spec", "volumeName")).orElse("");
    if (!waits || volume.isEmpty()) {
      return Json.Arr.EMPTY;
    }
    return calls
        .find(Resource.VOLUMES, "", volume)
        .map(found -> found.array("spec", "nodeAffinity", "required", "nodeSelectorTerms"))
        .orElse(Json.Arr.EMPTY);
  }

  private static KubeObject claim(
      Transfer transfer, SnapshotOrigin origin, AgentConfig.BackupClaim settings) {
    String storageClass =
        settings.storageClass().isEmpty() ? storageClass(transfer) : settings.storageClass();
    KubeObject claim =
        Owners.claim(transfer, Names.object(transfer.name()))
            .with(
                Json.Arr.ofStrings(List.of(settings.readOnly() ? "ReadOnlyMany" : "ReadWriteOnce")),
                "spec",
                "accessModes")
            .with(
                UploadPod.isDevice(transfer, origin) ? "Block" : "Filesystem", "spec", "volumeMode")
            .with(Long.toString(origin.bytes()), "spec", "resources", "requests", "storage")
            .with("snapshot.storage.k8s.io", "spec", "dataSource", "apiGroup")
            .with("VolumeSnapshot", "spec", "dataSource", "kind")
            .with(Names.object(transfer.name()), "spec", "dataSource", "name");
    if (!storageClass.isEmpty()) {
      claim = claim.with(storageClass, "spec", "storageClassName");
    }
    return settings.annotations().isEmpty()
        ? claim
        : claim.with(Json.Obj.ofStrings(settings.annotations()), "metadata", "annotations");
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
    Optional<String> left = leftovers.removePods(transfer);
    if (left.isEmpty()) {
      left = leftovers.removeClaims(transfer);
    }
    if (left.isPresent()) {
      return left;
    }
    bases.keep(transfer);
    Optional<KubeObject> ours =
        calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", Names.object(transfer.name()));
    boolean takenOver =
        ours.isPresent()
            && (ours.get().label(Names.OWNER_UID_LABEL).equals(transfer.uid())
                || !ours.get().label(Names.BASE_OF_LABEL).isEmpty());
    // The original first: as long as ours is there it is known that its handle has been taken over.
    left = move.discardOriginal(transfer, takenOver);
    return left.isPresent() ? left : leftovers.removeSnapshots(transfer);
  }
}
