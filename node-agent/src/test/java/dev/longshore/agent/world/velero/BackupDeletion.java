package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.mover.DummyRepository;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The part of Velero's server that deletes backups, on request and when they expire. Of data
/// uploads it deletes the snapshots that its own movers have made, and those of which a ConfigMap
/// tells that is labelled as its own would be.
public final class BackupDeletion extends StandIn {
  private static final Set<String> BUILT_IN = Set.of("", "velero", "velero-fs", "velero-block");
  private static final String INFO = "velero.io/data-upload-snapshot-info";

  private final VeleroSettings velero;
  private final Archive archive;
  private final DummyRepository repository;

  public BackupDeletion(
      Site site, VeleroSettings velero, Archive archive, DummyRepository repository) {
    super(site);
    this.velero = velero;
    this.archive = archive;
    this.repository = repository;
  }

  @Override
  protected void work() throws KubeException {
    each(Kinds.BACKUPS, this::expire);
    each(Kinds.DELETE_BACKUP_REQUESTS, this::process);
  }

  private void expire(KubeObject backup) throws KubeException {
    Optional<Instant> end = backup.time("status", "expiration");
    if (end.isEmpty() || backup.isBeingDeleted()) {
      return;
    }
    if (clock.instant().isBefore(end.get())) {
      timers.wakeIn(Duration.between(clock.instant(), end.get()));
      return;
    }
    boolean isAsked =
        list(Kinds.DELETE_BACKUP_REQUESTS, velero.namespace()).stream()
            .anyMatch(request -> request.text("spec", "backupName").equals(backup.name()));
    if (!isAsked && isAvailable()) {
      api.create(Kinds.DELETE_BACKUP_REQUESTS, request(backup));
    }
  }

  /// A request to delete a backup.
  public static KubeObject request(KubeObject backup) {
    return KubeObject.of(Kinds.DELETE_BACKUP_REQUESTS, backup.namespace(), "")
        .without("metadata", "name")
        .with(backup.name() + "-", "metadata", "generateName")
        .withLabel(Labels.BACKUP_NAME, Labels.shortened(backup.name()))
        .withLabel(Labels.BACKUP_UID, backup.uid())
        .with(backup.name(), "spec", "backupName");
  }

  private boolean isAvailable() throws KubeException {
    return find(Kinds.STORAGE_LOCATIONS, velero.namespace(), velero.location())
        .filter(location -> !location.text("status", "phase").equals("Unavailable"))
        .isPresent();
  }

  private void process(KubeObject request) throws KubeException {
    String phase = request.text("status", "phase");
    if (phase.equals("Processed")) {
      return;
    }
    if (!phase.equals("InProgress")) {
      api.replace(Kinds.DELETE_BACKUP_REQUESTS, request.with("InProgress", "status", "phase"));
      return;
    }
    if (!isDone(Delays.Of.VELERO, request)) {
      return;
    }
    String name = request.text("spec", "backupName");
    if (!isAvailable()) {
      KubeObject refused =
          request
              .with("Processed", "status", "phase")
              .with(
                  Json.Arr.ofStrings(List.of("cannot delete backup: location is not available")),
                  "status",
                  "errors");
      api.replace(Kinds.DELETE_BACKUP_REQUESTS, refused);
      return;
    }
    if (archive.has(name)) {
      tellSnapshots(name, archive.get(name));
      archive.get(name).podVolumeBackups().stream()
          .map(one -> one.text("status", "snapshotID"))
          .forEach(repository::forget);
    }
    deleteSnapshots(name);
    deleteObjects(name);
    delete(Kinds.DELETE_BACKUP_REQUESTS, request);
  }

  private void tellSnapshots(String backup, Archive.Kept kept) throws KubeException {
    for (KubeObject upload : kept.dataUploads()) {
      String id = upload.text("status", "snapshotID");
      if (BUILT_IN.contains(upload.text("spec", "datamover")) && !id.isEmpty()) {
        ensure(
            Resource.CONFIG_MAPS,
            KubeObject.of(Resource.CONFIG_MAPS, velero.namespace(), upload.name() + "-info")
                .withLabel(Labels.BACKUP_NAME, Labels.shortened(backup))
                .withLabel(INFO, "true")
                .with(upload.text("spec", "sourceNamespace"), "data", "volumeNamespace")
                .with(velero.location(), "data", "backupStorageLocation")
                .with(id, "data", "snapshotID")
                .with("kopia", "data", "repositoryType"));
      }
    }
  }

  private void deleteSnapshots(String backup) throws KubeException {
    String labels = Labels.BACKUP_NAME + "=" + Labels.shortened(backup) + "," + INFO + "=true";
    for (KubeObject map :
        api.list(Resource.CONFIG_MAPS, velero.namespace(), ListOptions.withLabels(labels))
            .items()) {
      boolean isWhole =
          !map.text("data", "volumeNamespace").isEmpty()
              && !map.text("data", "repositoryType").isEmpty();
      if (isWhole) {
        repository.forget(map.text("data", "snapshotID"));
      }
      delete(Resource.CONFIG_MAPS, map);
    }
  }

  private void deleteObjects(String backup) throws KubeException {
    String label = Labels.BACKUP_NAME + "=" + Labels.shortened(backup);
    for (KubeObject upload :
        api.list(Kinds.DATA_UPLOADS, velero.namespace(), ListOptions.withLabels(label)).items()) {
      delete(Kinds.DATA_UPLOADS, upload);
    }
    for (KubeObject restore : list(Kinds.RESTORES, velero.namespace())) {
      if (restore.text("spec", "backupName").equals(backup)) {
        delete(Kinds.RESTORES, restore);
      }
    }
    archive.remove(backup);
    Optional<KubeObject> object = find(Kinds.BACKUPS, velero.namespace(), backup);
    if (object.isPresent()) {
      delete(Kinds.BACKUPS, object.get());
    }
  }
}
