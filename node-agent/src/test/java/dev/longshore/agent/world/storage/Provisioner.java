package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.Troubles;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// A CSI driver's provisioner: makes volumes for claims, empty or from a snapshot.
///
/// Claims with a selector are not its business. A class with the parameter `topology: node` makes
/// volumes that only the selected node reaches.
public final class Provisioner extends StandIn {
  /// The node that the scheduler has chosen for a claim's first pod.
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
  static final String ALLOW_MODE_CHANGE = "snapshot.storage.kubernetes.io/allow-volume-mode-change";

  private final Disks disks;

  public Provisioner(Site site, Disks disks) {
    super(site);
    this.disks = disks;
  }

  /// What a volume is made from.
  ///
  /// @param snapshot the storage's handle; empty for an empty volume
  /// @param trouble why it cannot be made; empty if it can
  private record Origin(String snapshot, String trouble) {}

  @Override
  protected void work() throws KubeException {
    each(Resource.CLAIMS, this::sync);
  }

  private void sync(KubeObject claim) throws KubeException {
    if (claim.isBeingDeleted() || !claim.text("spec", "volumeName").isEmpty()) {
      return;
    }
    Optional<KubeObject> storageClass =
        find(Resource.STORAGE_CLASSES, "", claim.text("spec", "storageClassName"));
    boolean isWaiting =
        storageClass.filter(Fit::waitsForConsumer).isPresent()
            && claim.annotation(SELECTED_NODE).isEmpty();
    String name = "pvc-" + claim.uid();
    if (storageClass.isEmpty()
        || storageClass.get().text("provisioner").equals("kubernetes.io/no-provisioner")
        || isWaiting
        || find(Resource.VOLUMES, "", name).isPresent()
        || !isDone(Delays.Of.PROVISION, claim)) {
      return;
    }
    Origin origin = origin(claim);
    if (!origin.trouble.isEmpty()) {
      event(claim, "Warning", "ProvisioningFailed", origin.trouble);
      retry(Delays.Of.PROVISION, claim);
      return;
    }
    Disks.Order order = new Disks.Order(name, Fit.isBlock(claim), Fit.requestOf(claim));
    Disks.Disk disk =
        origin.snapshot.isEmpty() ? disks.create(order) : disks.restore(origin.snapshot, order);
    try {
      api.create(Resource.VOLUMES, volume(claim, storageClass.get(), disk));
    } catch (KubeException e) {
      disks.delete(disk.handle()); // a real driver finds it again by its name
      throw e;
    }
  }

  private Origin origin(KubeObject claim) throws KubeException {
    if (Fit.hasSelector(claim)) {
      return new Origin("", "failed to provision volume: claim Selector is not supported");
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.PROVISION, claim);
    if (trouble.isPresent()) {
      return new Origin("", "failed to provision volume: " + trouble.get());
    }
    String kind = claim.text("spec", "dataSource", "kind");
    if (kind.isEmpty()) {
      return new Origin("", "");
    }
    if (!kind.equals("VolumeSnapshot")) {
      return new Origin("", "error getting handle: data source of kind " + kind);
    }
    Optional<KubeObject> snapshot =
        find(
            Resource.VOLUME_SNAPSHOTS, claim.namespace(), claim.text("spec", "dataSource", "name"));
    if (snapshot.isEmpty() || snapshot.get().isBeingDeleted()) {
      return new Origin("", "error getting handle for DataSource: snapshot not found");
    }
    return fromSnapshot(claim, snapshot.get());
  }

  private Origin fromSnapshot(KubeObject claim, KubeObject snapshot) throws KubeException {
    Optional<KubeObject> content =
        find(
            Resource.VOLUME_SNAPSHOT_CONTENTS,
            "",
            snapshot.text("status", "boundVolumeSnapshotContentName"));
    if (!snapshot.flag("status", "readyToUse") || content.isEmpty()) {
      return new Origin("", "snapshot " + snapshot.name() + " is not Ready");
    }
    if (!content.get().text("spec", "volumeSnapshotRef", "uid").equals(snapshot.uid())) {
      return new Origin("", "snapshot " + snapshot.name() + " is not bound to its content");
    }
    long size = Fit.bytes(snapshot.text("status", "restoreSize"));
    if (Fit.requestOf(claim) < size) {
      return new Origin(
          "", "requested volume size is less than the size " + size + " for the source snapshot");
    }
    String mode = content.get().text("spec", "sourceVolumeMode");
    boolean changes = !mode.isEmpty() && mode.equals("Block") != Fit.isBlock(claim);
    if (changes && !content.get().annotation(ALLOW_MODE_CHANGE).equals("true")) {
      return new Origin("", "requested volume modifies the mode of the source volume " + mode);
    }
    String handle = content.get().text("status", "snapshotHandle");
    return disks.snapshots().containsKey(handle)
        ? new Origin(handle, "")
        : new Origin("", "rpc error: code = NotFound desc = no snapshot " + handle);
  }

  private static KubeObject volume(KubeObject claim, KubeObject storageClass, Disks.Disk disk) {
    String driver = storageClass.text("provisioner");
    String policy = storageClass.text("reclaimPolicy");
    KubeObject volume =
        KubeObject.of(Resource.VOLUMES, "", disk.name())
            .withAnnotation(PROVISIONED_BY, driver)
            .with(
                Json.Obj.of("storage", new Json.Str(Long.toString(disk.sizeBytes()))),
                "spec",
                "capacity")
            .with(claim.array("spec", "accessModes"), "spec", "accessModes")
            .with(disk.block() ? "Block" : "Filesystem", "spec", "volumeMode")
            .with(storageClass.name(), "spec", "storageClassName")
            .with(policy.isEmpty() ? "Delete" : policy, "spec", "persistentVolumeReclaimPolicy")
            .with(reference(claim), "spec", "claimRef")
            .with(driver, "spec", "csi", "driver")
            .with(disk.handle(), "spec", "csi", "volumeHandle");
    if (!disk.block()) {
      volume = volume.with("ext4", "spec", "csi", "fsType");
    }
    if (storageClass.text("parameters", "topology").equals("node")) {
      Json.Obj term =
          Json.Obj.EMPTY
              .with("key", "kubernetes.io/hostname")
              .with("operator", "In")
              .with(
                  "values", Json.Arr.ofStrings(java.util.List.of(claim.annotation(SELECTED_NODE))));
      volume =
          volume.with(
              Json.Arr.of(Json.Obj.of("matchExpressions", Json.Arr.of(term))),
              "spec",
              "nodeAffinity",
              "required",
              "nodeSelectorTerms");
    }
    return volume;
  }
}
