package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Set;

/// Which snapshots a backup has: a ConfigMap for each backup, which outlives it.
///
/// Velero deletes the snapshots of its own movers with their backup, and those of others never;
/// their DataUploads, the only ones that know the snapshots, go with the backup. Data: by upload,
/// JSON with `snapshot`, `namespace`, `location`.
public final class SnapshotLedger {
  /// Movers whose snapshots Velero deletes itself.
  private static final Set<String> VELEROS = Set.of("", "velero", "velero-fs", "velero-block");

  private final KubeApi api;

  public SnapshotLedger(KubeApi api) {
    this.api = api;
  }

  /// Notes a snapshot before its upload is said to be complete. May be repeated.
  public void note(Transfer transfer, String snapshotId) throws KubeException {
    String backupUid = transfer.object().label(Velero.BACKUP_UID_LABEL);
    if (transfer.kind() != TransferKind.DATA_UPLOAD
        || VELEROS.contains(transfer.dataMover())
        || snapshotId.isEmpty()
        || backupUid.isEmpty()) {
      return;
    }
    String name = Names.label("longshore-snapshots-" + backupUid);
    String entry =
        JsonCodec.write(
            Json.Obj.EMPTY
                .with("snapshot", snapshotId)
                .with("namespace", transfer.repositoryNamespace())
                .with("location", transfer.storageLocation()));
    Json.Obj data = Json.Obj.of("data", Json.Obj.EMPTY.with(transfer.name(), entry));
    for (int attempt = 0; ; attempt++) {
      try {
        var _ = api.patch(Resource.CONFIG_MAPS, transfer.namespace(), name, data);
        return;
      } catch (KubeException e) {
        if (!e.isNotFound() || attempt > 0) {
          throw e;
        }
      }
      create(transfer, name, backupUid);
    }
  }

  private void create(Transfer transfer, String name, String backupUid) throws KubeException {
    KubeObject ledger =
        KubeObject.of(Resource.CONFIG_MAPS, transfer.namespace(), name)
            .withLabel(Names.SNAPSHOTS_LABEL, "backup")
            .withLabel(Velero.BACKUP_UID_LABEL, backupUid)
            .withAnnotation(Names.BACKUP, backup(transfer));
    try {
      var _ = api.create(Resource.CONFIG_MAPS, ledger);
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  /// The backup's whole name; a label would have it shortened.
  private static String backup(Transfer transfer) {
    return transfer.object().array("metadata", "ownerReferences").objects().stream()
        .map(KubeObject::new)
        .filter(owner -> owner.kind().equals("Backup"))
        .map(owner -> owner.text("name"))
        .findFirst()
        .orElse(transfer.object().label(Velero.BACKUP_NAME_LABEL));
  }
}
