package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Delay;
import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The part of Velero's server that works on Restores: for every upload in a backup's archive it
/// makes the claim, which no provisioner serves, and asks for the download. The results that it
/// hands from one plugin to another in ConfigMaps vanish as soon as the items are done.
public final class Restores extends StandIn {
  static final String SELECTOR = "velero.io/dynamic-pv-restore";
  private static final Delay POLL = Delay.of(Duration.ofSeconds(10));

  private final VeleroSettings velero;
  private final Archive archive;
  private final PodVolumeRestores podVolumes;
  private boolean started;

  public Restores(Site site, VeleroSettings velero, Archive archive) {
    super(site);
    this.velero = velero;
    this.archive = archive;
    this.podVolumes = new PodVolumeRestores(api, velero);
  }

  @Override
  protected void work() throws KubeException {
    if (!started) {
      for (KubeObject restore : list(Kinds.RESTORES, velero.namespace())) {
        if (restore.text("status", "phase").equals("InProgress")) {
          cancelAll(restore);
          finish(restore, "Failed");
        }
      }
      started = true;
    }
    each(Kinds.RESTORES, this::sync);
  }

  private void sync(KubeObject restore) throws KubeException {
    switch (restore.text("status", "phase")) {
      case "", "New" ->
          api.replace(
              Kinds.RESTORES,
              restore
                  .with("InProgress", "status", "phase")
                  .with(clock.instant(), "status", "startTimestamp"));
      case "InProgress" -> items(restore);
      case Backups.WAITING -> poll(restore);
      default -> {}
    }
  }

  private void items(KubeObject restore) throws KubeException {
    Archive.Kept kept = archive.get(restore.text("spec", "backupName"));
    for (KubeObject upload : kept.dataUploads()) {
      if (upload.text("status", "phase").equals("Completed")) {
        KubeObject claim =
            kept.claims()
                .get(
                    upload.text("spec", "sourceNamespace")
                        + "/"
                        + upload.text("spec", "sourcePVC"));
        if (claim != null) {
          restoreClaim(restore, upload, claim);
        }
      }
    }
    timers.wakeIn(Duration.ofSeconds(1));
    if (!podVolumes.advance(restore, kept)) {
      return;
    }
    for (KubeObject map :
        api.list(
                Resource.CONFIG_MAPS,
                velero.namespace(),
                ListOptions.withLabels(Labels.RESTORE_UID + "=" + restore.uid()))
            .items()) {
      delete(Resource.CONFIG_MAPS, map);
    }
    api.replace(Kinds.RESTORES, restore.with(Backups.WAITING, "status", "phase"));
  }

  private void restoreClaim(KubeObject restore, KubeObject upload, KubeObject claim)
      throws KubeException {
    Map<String, String> mapping = restore.object("spec", "namespaceMapping").strings();
    String namespace = mapping.getOrDefault(claim.namespace(), claim.namespace());
    if (find(Resource.CLAIMS, namespace, claim.name()).isPresent()) {
      return;
    }
    api.create(Resource.CONFIG_MAPS, result(restore, upload));
    String selected =
        Labels.shortened(
            namespace
                + "."
                + claim.name()
                + "."
                + Integer.toString(random.nextInt(36 * 36 * 36 * 36), 36));
    KubeObject target =
        KubeObject.of(Resource.CLAIMS, namespace, claim.name())
            .with(claim.object("metadata", "labels"), "metadata", "labels")
            .withLabel(Labels.RESTORE_NAME, Labels.shortened(restore.name()))
            .with(claim.object("spec"), "spec")
            .without("spec", "volumeName")
            .without("spec", "dataSource")
            .with(selected, "spec", "selector", "matchLabels", SELECTOR);
    api.create(Kinds.DATA_DOWNLOADS, download(restore, upload, target));
    api.create(Resource.CLAIMS, target);
  }

  private KubeObject result(KubeObject restore, KubeObject upload) {
    Json.Obj fields =
        Json.Obj.EMPTY
            .with("backupStorageLocation", upload.text("spec", "backupStorageLocation"))
            .with("datamover", upload.text("spec", "datamover"))
            .with("snapshotID", upload.text("status", "snapshotID"))
            .with("sourceNamespace", upload.text("spec", "sourceNamespace"))
            .with("dataMoverResult", upload.object("status", "dataMoverResult"))
            .with("nodeOS", upload.text("status", "nodeOS"))
            .with("snapshotSize", upload.number("status", "progress", "totalBytes"));
    return KubeObject.of(Resource.CONFIG_MAPS, velero.namespace(), "")
        .without("metadata", "name")
        .with(upload.name() + "-", "metadata", "generateName")
        .withLabel(Labels.RESTORE_UID, restore.uid())
        .withLabel(
            "velero.io/pvc-namespace-name",
            Labels.shortened(
                upload.text("spec", "sourceNamespace") + "." + upload.text("spec", "sourcePVC")))
        .withLabel("velero.io/resource-usage", "DataUpload")
        .with(JsonCodec.write(fields), "data", restore.uid());
  }

  private KubeObject download(KubeObject restore, KubeObject upload, KubeObject target) {
    String id = "dd-" + restore.uid() + "." + upload.label(Labels.CLAIM_UID);
    KubeObject download =
        KubeObject.of(Kinds.DATA_DOWNLOADS, velero.namespace(), "")
            .without("metadata", "name")
            .with(restore.name() + "-", "metadata", "generateName")
            .withLabel(Labels.RESTORE_NAME, Labels.shortened(restore.name()))
            .withLabel(Labels.RESTORE_UID, restore.uid())
            .withLabel(Labels.OPERATION, Labels.shortened(id))
            .with(Labels.ownedBy(restore), "metadata", "ownerReferences")
            .with(target.name(), "spec", "targetVolume", "pvc")
            .with(target.namespace(), "spec", "targetVolume", "namespace")
            .with("", "spec", "targetVolume", "pv")
            .with(velero.location(), "spec", "backupStorageLocation")
            .with(upload.text("status", "snapshotID"), "spec", "snapshotID")
            .with(upload.text("spec", "sourceNamespace"), "spec", "sourceNamespace")
            .with(VeleroSettings.go(velero.csiSnapshotTimeout()), "spec", "operationTimeout")
            .with(upload.number("status", "progress", "totalBytes"), "spec", "snapshotSize");
    String mover = upload.text("spec", "datamover");
    String os = upload.text("status", "nodeOS");
    download = mover.isEmpty() ? download : download.with(mover, "spec", "datamover");
    return os.isEmpty() ? download : download.with(os, "spec", "nodeOS");
  }

  private List<KubeObject> downloads(KubeObject restore) throws KubeException {
    return api.list(
            Kinds.DATA_DOWNLOADS,
            velero.namespace(),
            ListOptions.withLabels(Labels.RESTORE_UID + "=" + restore.uid()))
        .items();
  }

  private void poll(KubeObject restore) throws KubeException {
    if (!timers.isOver("poll " + restore.uid(), POLL)) {
      return;
    }
    timers.restart("poll " + restore.uid(), POLL);
    Instant end =
        restore
            .time("status", "startTimestamp")
            .orElse(clock.instant())
            .plus(velero.itemOperationTimeout());
    boolean isGood = true;
    boolean isOver = true;
    for (KubeObject download : downloads(restore)) {
      String phase = download.text("status", "phase");
      isGood &= phase.equals("Completed");
      isOver &= Backups.FINAL.contains(phase);
    }
    if (isOver) {
      finish(restore, isGood ? "Completed" : "PartiallyFailed");
    } else if (!clock.instant().isBefore(end)) {
      cancelAll(restore);
      finish(restore, "PartiallyFailed");
    }
  }

  private void cancelAll(KubeObject restore) throws KubeException {
    for (KubeObject download : downloads(restore)) {
      if (!Backups.FINAL.contains(download.text("status", "phase"))) {
        api.patch(
            Kinds.DATA_DOWNLOADS,
            download.namespace(),
            download.name(),
            Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
      }
    }
    podVolumes.cancel(restore);
  }

  private void finish(KubeObject restore, String phase) throws KubeException {
    api.replace(
        Kinds.RESTORES,
        restore
            .with(phase, "status", "phase")
            .with(clock.instant(), "status", "completionTimestamp"));
  }
}
