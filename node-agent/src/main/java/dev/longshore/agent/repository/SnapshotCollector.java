package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeLists;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Deletes the snapshots of backups that are gone.
///
/// A backup is gone when its resource has been missing for a while and Velero has compared its
/// resources with the bucket since: a resource that somebody has deleted comes back then, one whose
/// backup was deleted or has expired, here or in another cluster, does not. Nothing is deleted
/// while the location is unavailable, read-only or unknown, or while a snapshot is being restored.
final class SnapshotCollector {
  private static final Logger LOG = System.getLogger(SnapshotCollector.class.getName());

  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration BUSY = Duration.ofSeconds(15);
  private static final Duration RETRY = Duration.ofMinutes(30);
  private static final Duration LIMIT = Duration.ofHours(1);

  /// A job's command line has an end.
  private static final int MOST_IN_JOB = 200;

  private final KubeApi api;
  private final InstantSource clock;
  private final String namespace;
  private final Duration forgetAfter;
  private final Repositories repositories;
  private final Chores chores;
  private final RepositoryReconciler.Tools tools;

  SnapshotCollector(
      KubeApi api,
      InstantSource clock,
      String namespace,
      Duration forgetAfter,
      Chores chores,
      RepositoryReconciler.Tools tools) {
    this.api = api;
    this.clock = clock;
    this.namespace = namespace;
    this.forgetAfter = forgetAfter;
    this.repositories = new Repositories(api);
    this.chores = chores;
    this.tools = tools;
  }

  /// Which repository a snapshot is in.
  private record Place(String location, String namespace) {}

  /// @return when to look again
  Duration step() throws KubeException {
    List<KubeObject> ledgers =
        KubeLists.all(
                api, Resource.CONFIG_MAPS, namespace, ListOptions.withLabels(Names.SNAPSHOTS_LABEL))
            .items();
    if (ledgers.isEmpty()) {
      return IDLE;
    }
    LivingBackups living = LivingBackups.list(api, namespace);
    Duration wait = IDLE;
    for (KubeObject ledger : ledgers) {
      Optional<Instant> gone = ledger.time("metadata", "annotations", Names.GONE_SINCE);
      if (living.needs(ledger)) {
        if (gone.isPresent()) {
          mark(ledger, Json.Null.NULL);
        }
      } else if (gone.isEmpty()) {
        mark(ledger, new Json.Str(clock.instant().toString()));
      } else if (!clock.instant().isBefore(gone.get().plus(forgetAfter))
          && collect(ledger, gone.get())) {
        wait = BUSY;
      }
    }
    return wait;
  }

  private void mark(KubeObject ledger, Json since) throws KubeException {
    patch(
        ledger,
        Json.Obj.of(
            "metadata", Json.Obj.of("annotations", Json.Obj.EMPTY.with(Names.GONE_SINCE, since))));
  }

  private void patch(KubeObject ledger, Json.Obj patch) throws KubeException {
    Json.Obj metadata =
        new KubeObject(patch).object("metadata").with("resourceVersion", ledger.resourceVersion());
    try {
      var _ =
          api.patch(
              Resource.CONFIG_MAPS, namespace, ledger.name(), patch.with("metadata", metadata));
    } catch (KubeException e) {
      if (!e.isConflict() && !e.isNotFound()) {
        throw e;
      }
    }
  }

  /// @return whether something is underway
  private boolean collect(KubeObject ledger, Instant gone) throws KubeException {
    Map<String, String> data = ledger.object("data").strings();
    if (data.isEmpty()) {
      // A crash may have kept them from going with their last entry.
      for (KubeObject job : chores.jobs(namespace, TaskKind.FORGET)) {
        if (job.annotation(Names.SNAPSHOTS_LABEL).equals(ledger.name())) {
          chores.remove(job);
        }
      }
      delete(ledger);
      return true;
    }
    Map<Place, Map<String, String>> groups = new HashMap<>();
    data.forEach((upload, text) -> {
      try {
        KubeObject entry = new KubeObject(JsonCodec.parseObject(text));
        groups
            .computeIfAbsent(
                new Place(entry.text("location"), entry.text("namespace")), _ -> new TreeMap<>())
            .put(upload, entry.text("snapshot"));
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            () -> "ConfigMap %s: %s is not a record".formatted(ledger.name(), upload));
      }
    });
    Set<String> restored = beingRestored();
    boolean underway = false;
    for (Map.Entry<Place, Map<String, String>> group : groups.entrySet()) {
      Optional<KubeObject> location = collectable(group.getKey(), gone);
      if (location.isEmpty()
          || !(repositories.of(location.get(), group.getKey().namespace())
              instanceof Repositories.Found.Ready(Repository repository))) {
        continue;
      }
      Map<String, String> free = new TreeMap<>(group.getValue());
      free.values().removeAll(restored);
      underway |= !free.isEmpty() && forget(ledger, repository, free);
    }
    return underway;
  }

  private Optional<KubeObject> collectable(Place place, Instant gone) throws KubeException {
    return api.lookUp(Velero.STORAGE_LOCATIONS, namespace, place.location())
        .filter(location -> location.text("status", "phase").equals("Available"))
        .filter(location -> !location.text("spec", "accessMode").equals("ReadOnly"))
        .filter(location ->
            location.time("status", "lastSyncedTime").orElse(Instant.MIN).isAfter(gone));
  }

  private Set<String> beingRestored() throws KubeException {
    Set<String> ids = new HashSet<>();
    for (KubeObject one :
        KubeLists.all(api, Velero.DATA_DOWNLOADS, namespace, ListOptions.ALL).items()) {
      if (!Phase.of(one.text("status", "phase")).isFinal()) {
        ids.add(one.text("spec", "snapshotID"));
      }
    }
    return ids;
  }

  /// @return whether a job is underway
  private boolean forget(KubeObject ledger, Repository repository, Map<String, String> snapshots)
      throws KubeException {
    Optional<KubeObject> job =
        chores.jobs(repository.resource(), TaskKind.FORGET).stream()
            .filter(one -> one.annotation(Names.SNAPSHOTS_LABEL).equals(ledger.name()))
            .findFirst();
    if (job.isEmpty()) {
      start(ledger, repository, snapshots);
      return true;
    }
    if (!(chores.look(job.get()) instanceof Chore.Ended ended)) {
      return true;
    }
    if (!ended.isGood()) {
      if (clock.instant().isBefore(ended.end().plus(RETRY))) {
        tools
            .events()
            .warning(
                Velero.BACKUP_REPOSITORIES,
                repository.resource(),
                "ForgetFailed",
                "snapshots of backup %s cannot be deleted: %s"
                    .formatted(ledger.annotation(Names.BACKUP), ended.report().message()));
        return false;
      }
      chores.remove(job.get());
      return true;
    }
    Set<String> done = Set.copyOf(Chores.options(job.get(), TaskOption.SNAPSHOT));
    Json.Obj entries = Json.Obj.EMPTY;
    int count = 0;
    for (Map.Entry<String, String> one : snapshots.entrySet()) {
      if (done.contains(one.getValue())) {
        entries = entries.with(one.getKey(), Json.Null.NULL);
        count++;
      }
    }
    if (count > 0) {
      patch(ledger, Json.Obj.of("data", entries));
      tools.meter().forgotten(count);
      LOG.log(
          Level.INFO,
          "deleted %d snapshots of backup %s, which is gone"
              .formatted(count, ledger.annotation(Names.BACKUP)));
    }
    chores.remove(job.get());
    return true;
  }

  private void start(KubeObject ledger, Repository repository, Map<String, String> snapshots)
      throws KubeException {
    chores.start(
        repository,
        new Chores.Order(
            TaskKind.FORGET,
            LIMIT,
            pod ->
                snapshots.values().stream()
                    .distinct()
                    .limit(MOST_IN_JOB)
                    .forEach(id -> pod.option(TaskOption.SNAPSHOT, id)),
            Map.of(Names.SNAPSHOTS_LABEL, ledger.name())));
  }

  private void delete(KubeObject ledger) throws KubeException {
    try {
      // Nobody notes a snapshot for a backup that is gone, but a version that is not this one
      // stays.
      api.delete(Resource.CONFIG_MAPS, namespace, ledger.name(), DeleteOptions.of(ledger));
    } catch (KubeException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }
}
