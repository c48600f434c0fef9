package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The part of Velero's server that compares the cluster's backups with the bucket, once a minute:
/// what is in the bucket gets its resource, with another UID; a resource of what is not there goes.
public final class BackupSync extends StandIn {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final VeleroSettings velero;
  private final Archive archive;
  private final Map<String, KubeObject> seen = new HashMap<>();
  private Instant next = Instant.MIN;

  public BackupSync(Site site, VeleroSettings velero, Archive archive) {
    super(site);
    this.velero = velero;
    this.archive = archive;
  }

  @Override
  protected void work() throws KubeException {
    for (KubeObject backup : list(Kinds.BACKUPS, velero.namespace())) {
      seen.put(backup.name(), backup);
    }
    if (clock.instant().isBefore(next)) {
      timers.wakeIn(Duration.between(clock.instant(), next));
      return;
    }
    next = clock.instant().plus(PERIOD);
    timers.wakeIn(PERIOD);
    Optional<KubeObject> location =
        find(Kinds.STORAGE_LOCATIONS, velero.namespace(), velero.location());
    if (location.isEmpty() || !location.get().text("status", "phase").equals("Available")) {
      return;
    }
    sync();
    api.replace(
        Kinds.STORAGE_LOCATIONS, location.get().with(clock.instant(), "status", "lastSyncedTime"));
  }

  private void sync() throws KubeException {
    Set<String> there = new HashSet<>();
    for (KubeObject backup : list(Kinds.BACKUPS, velero.namespace())) {
      there.add(backup.name());
      boolean isOver = !backup.text("status", "completionTimestamp").isEmpty();
      if (isOver && !archive.has(backup.name())) {
        delete(Kinds.BACKUPS, backup);
      }
    }
    for (KubeObject backup : seen.values()) {
      if (!there.contains(backup.name()) && archive.has(backup.name())) {
        KubeObject again =
            KubeObject.of(Kinds.BACKUPS, velero.namespace(), backup.name())
                .with(backup.object("spec"), "spec")
                .with(backup.object("status"), "status");
        ensure(Kinds.BACKUPS, again);
      }
    }
  }
}
