package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeLists;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The backups that there are.
///
/// A backup that Velero reads back from the bucket, here or in another cluster, has another UID,
/// but its name and the time when it was started.
final class LivingBackups {
  private record Backup(String uid, Optional<Instant> started) {}

  private final Map<String, Backup> backups = new HashMap<>();

  private LivingBackups() {}

  static LivingBackups list(KubeApi api, String namespace) throws KubeException {
    LivingBackups living = new LivingBackups();
    List<KubeObject> all = KubeLists.all(api, Velero.BACKUPS, namespace, ListOptions.ALL).items();
    for (KubeObject one : all) {
      living.backups.put(one.name(), new Backup(one.uid(), one.time("status", "startTimestamp")));
    }
    return living;
  }

  /// Whether a record's snapshots may belong to a backup that is there.
  boolean needs(KubeObject ledger) {
    Backup backup = backups.get(ledger.annotation(Names.BACKUP));
    if (backup == null) {
      return false;
    }
    // Another one of that name, begun after these snapshots were made, does not know them.
    return backup.uid().equals(ledger.label(Velero.BACKUP_UID_LABEL))
        || backup.started().isEmpty()
        || ledger.created().isEmpty()
        || !backup.started().get().isAfter(ledger.created().get());
  }
}
