package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Delay;
import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The part of Velero's server that works on Backups: it takes a snapshot of every claim in
/// `spec.includedNamespaces`, asks for its upload, polls the uploads, and at last keeps them in the
/// archive.
///
/// One that starts anew fails the backups that it finds in progress and cancels their transfers;
/// those that only wait for transfers go on.
public final class Backups extends StandIn {
  static final Set<String> FINAL = Set.of("Completed", "Failed", "Canceled");
  static final String WAITING = "WaitingForPluginOperations";
  private static final Delay POLL = Delay.of(Duration.ofSeconds(10));

  private final VeleroSettings velero;
  private final Archive archive;
  private final PodVolumeBackups podVolumes;
  private boolean started;

  public Backups(Site site, VeleroSettings velero, Archive archive) {
    super(site);
    this.velero = velero;
    this.archive = archive;
    this.podVolumes = new PodVolumeBackups(api, velero);
  }

  @Override
  protected void work() throws KubeException {
    if (!started) {
      failInterrupted();
      started = true;
    }
    each(Kinds.BACKUPS, this::sync);
  }

  private void failInterrupted() throws KubeException {
    for (KubeObject backup : list(Kinds.BACKUPS, velero.namespace())) {
      if (backup.text("status", "phase").equals("InProgress")) {
        for (KubeObject upload : uploads(backup)) {
          cancel(upload, "found a dataupload during the velero server starting, mark it as cancel");
        }
        podVolumes.cancel(backup);
        finish(backup, "Failed");
      }
    }
  }

  private void sync(KubeObject backup) throws KubeException {
    switch (backup.text("status", "phase")) {
      case "", "New" -> begin(backup);
      case "InProgress" -> takeSnapshots(backup);
      case WAITING -> poll(backup);
      default -> {}
    }
  }

  private void begin(KubeObject backup) throws KubeException {
    Archive.Kept kept = archive.open(backup.name());
    for (Json namespace : backup.array("spec", "includedNamespaces").elements()) {
      if (namespace instanceof Json.Str(String name)) {
        if (backup.flag("spec", "defaultVolumesToFsBackup")) {
          kept.pods().addAll(list(Resource.PODS, name));
        } else {
          for (KubeObject claim : list(Resource.CLAIMS, name)) {
            kept.claims().put(name + "/" + claim.name(), claim);
          }
        }
      }
    }
    api.replace(
        Kinds.BACKUPS,
        backup
            .with("InProgress", "status", "phase")
            .with(clock.instant(), "status", "startTimestamp"));
  }

  /// Everything up to the last upload's creation.
  private void takeSnapshots(KubeObject backup) throws KubeException {
    Archive.Kept kept = archive.open(backup.name());
    Set<String> asked = new HashSet<>();
    uploads(backup).forEach(upload -> asked.add(upload.label(Labels.CLAIM_UID)));
    Map<String, KubeObject> snapshots = snapshots(backup);
    boolean isDone = true;
    for (KubeObject claim : kept.claims().values()) {
      Optional<KubeObject> snapshot =
          Optional.ofNullable(snapshots.get(claim.namespace() + "/" + claim.name()));
      isDone &=
          asked.contains(claim.uid())
              || asks(backup, claim, snapshot)
              || fails(backup, claim, snapshot);
    }
    isDone &= podVolumes.advance(backup, kept);
    timers.wakeIn(Duration.ofSeconds(1));
    if (isDone) {
      uploads(backup).forEach(upload -> kept.operations().add(upload.name()));
      api.replace(Kinds.BACKUPS, backup.with(WAITING, "status", "phase"));
    }
  }

  /// The snapshots taken for a backup, by the names of their claims.
  private Map<String, KubeObject> snapshots(KubeObject backup) throws KubeException {
    Map<String, KubeObject> snapshots = new HashMap<>();
    String label = Labels.BACKUP_NAME + "=" + Labels.shortened(backup.name());
    for (KubeObject snapshot :
        api.list(Resource.VOLUME_SNAPSHOTS, "", ListOptions.withLabels(label)).items()) {
      String claim = snapshot.text("spec", "source", "persistentVolumeClaimName");
      snapshots.put(snapshot.namespace() + "/" + claim, snapshot);
    }
    return snapshots;
  }

  /// Asks for an upload, or for the snapshot that it needs.
  ///
  /// @return whether the upload was asked for
  private boolean asks(KubeObject backup, KubeObject claim, Optional<KubeObject> snapshot)
      throws KubeException {
    if (snapshot.isEmpty()) {
      makeSnapshot(backup, claim);
      return false;
    }
    Optional<KubeObject> content =
        find(
            Resource.VOLUME_SNAPSHOT_CONTENTS,
            "",
            snapshot.get().text("status", "boundVolumeSnapshotContentName"));
    if (content.isEmpty() || content.get().text("status", "snapshotHandle").isEmpty()) {
      return false;
    }
    api.create(Kinds.DATA_UPLOADS, upload(backup, claim, content.get()));
    return true;
  }

  private void makeSnapshot(KubeObject backup, KubeObject claim) throws KubeException {
    String driver =
        find(Resource.STORAGE_CLASSES, "", claim.text("spec", "storageClassName"))
            .map(found -> found.text("provisioner"))
            .orElse("");
    Optional<KubeObject> snapshotClass =
        list(Resource.VOLUME_SNAPSHOT_CLASSES, "").stream()
            .filter(found -> found.text("driver").equals(driver))
            .findFirst();
    if (snapshotClass.isEmpty()) {
      return;
    }
    KubeObject snapshot =
        KubeObject.of(Resource.VOLUME_SNAPSHOTS, claim.namespace(), "")
            .without("metadata", "name")
            .with("velero-" + claim.name() + "-", "metadata", "generateName")
            .withLabel(Labels.BACKUP_NAME, Labels.shortened(backup.name()))
            .with(claim.name(), "spec", "source", "persistentVolumeClaimName")
            .with(snapshotClass.get().name(), "spec", "volumeSnapshotClassName");
    api.create(Resource.VOLUME_SNAPSHOTS, snapshot);
  }

  private KubeObject upload(KubeObject backup, KubeObject claim, KubeObject content) {
    String mover = backup.text("spec", "datamover");
    String id = "du-" + backup.uid() + "." + claim.uid();
    Json.Obj config = backup.object("spec", "uploaderConfig");
    KubeObject upload =
        KubeObject.of(Kinds.DATA_UPLOADS, velero.namespace(), "")
            .without("metadata", "name")
            .with(backup.name() + "-", "metadata", "generateName")
            .withLabel(Labels.BACKUP_NAME, Labels.shortened(backup.name()))
            .withLabel(Labels.BACKUP_UID, backup.uid())
            .withLabel(Labels.CLAIM_UID, claim.uid())
            .withLabel(Labels.OPERATION, Labels.shortened(id))
            .with(Labels.ownedBy(backup), "metadata", "ownerReferences")
            .with("CSI", "spec", "snapshotType")
            .with(
                content.text("spec", "volumeSnapshotRef", "name"),
                "spec",
                "csiSnapshot",
                "volumeSnapshot")
            .with(claim.text("spec", "storageClassName"), "spec", "csiSnapshot", "storageClass")
            .with(
                content.text("spec", "volumeSnapshotClassName"),
                "spec",
                "csiSnapshot",
                "snapshotClass")
            .with(content.text("spec", "driver"), "spec", "csiSnapshot", "driver")
            .with(claim.name(), "spec", "sourcePVC")
            .with(claim.namespace(), "spec", "sourceNamespace")
            .with(velero.location(), "spec", "backupStorageLocation")
            .with(VeleroSettings.go(velero.csiSnapshotTimeout()), "spec", "operationTimeout");
    if (!config.equals(Json.Obj.EMPTY)) {
      long files = new KubeObject(config).number("parallelFilesUpload");
      upload =
          upload.with(
              Json.Obj.of("ParallelFilesUpload", new Json.Str(Long.toString(files))),
              "spec",
              "dataMoverConfig");
    }
    String chosen = mover.isEmpty() ? velero.dataMover() : mover;
    return chosen.isEmpty() ? upload : upload.with(chosen, "spec", "datamover");
  }

  /// A claim whose snapshot does not come in time.
  private boolean fails(KubeObject backup, KubeObject claim, Optional<KubeObject> snapshot)
      throws KubeException {
    Instant end =
        backup
            .time("status", "startTimestamp")
            .orElse(clock.instant())
            .plus(velero.csiSnapshotTimeout());
    if (clock.instant().isBefore(end)) {
      return false;
    }
    if (snapshot.isPresent()) {
      delete(Resource.VOLUME_SNAPSHOTS, snapshot.get());
    }
    String error = claim.namespace() + "/" + claim.name() + ": no snapshot in time";
    List<String> errors = archive.open(backup.name()).errors();
    if (!errors.contains(error)) {
      errors.add(error);
    }
    return true;
  }

  private List<KubeObject> uploads(KubeObject backup) throws KubeException {
    return api.list(
            Kinds.DATA_UPLOADS,
            velero.namespace(),
            ListOptions.withLabels(Labels.BACKUP_UID + "=" + backup.uid()))
        .items();
  }

  private void poll(KubeObject backup) throws KubeException {
    if (!timers.isOver("poll " + backup.uid(), POLL)) {
      return;
    }
    timers.restart("poll " + backup.uid(), POLL);
    Archive.Kept kept = archive.open(backup.name());
    Instant end =
        backup
            .time("status", "startTimestamp")
            .orElse(clock.instant())
            .plus(velero.itemOperationTimeout());
    boolean isLate = !clock.instant().isBefore(end);
    List<KubeObject> found = new ArrayList<>();
    for (String name : kept.operations()) {
      Optional<KubeObject> upload = find(Kinds.DATA_UPLOADS, velero.namespace(), name);
      if (upload.isEmpty()) {
        kept.errors().add(name + ": not found");
        continue;
      }
      found.add(upload.get());
      if (!FINAL.contains(upload.get().text("status", "phase"))) {
        if (!isLate) {
          return;
        }
        cancel(upload.get(), "");
      }
    }
    for (KubeObject upload : found) {
      if (!upload.text("status", "phase").equals("Completed")) {
        kept.errors().add(upload.name() + ": " + upload.text("status", "message"));
      }
      kept.dataUploads().add(upload);
    }
    finish(backup, kept.errors().isEmpty() ? "Completed" : "PartiallyFailed");
  }

  private void finish(KubeObject backup, String phase) throws KubeException {
    KubeObject finished =
        backup
            .with(phase, "status", "phase")
            .with(clock.instant(), "status", "completionTimestamp");
    String ttl = backup.text("spec", "ttl");
    if (!ttl.isEmpty()) {
      finished =
          finished.with(clock.instant().plus(Duration.parse("PT" + ttl)), "status", "expiration");
    }
    api.replace(Kinds.BACKUPS, finished);
  }

  private void cancel(KubeObject upload, String message) throws KubeException {
    if (FINAL.contains(upload.text("status", "phase")) || upload.flag("spec", "cancel")) {
      return;
    }
    Json.Obj patch = Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true));
    if (!message.isEmpty()) {
      patch = patch.with("status", Json.Obj.EMPTY.with("message", message));
    }
    api.patch(Kinds.DATA_UPLOADS, upload.namespace(), upload.name(), patch);
  }
}
