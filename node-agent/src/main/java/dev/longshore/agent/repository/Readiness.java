package dev.longshore.agent.repository;

import dev.longshore.agent.api.GoDuration;
import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.RepositoryConfig;
import dev.longshore.agent.event.Recorder;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a repository and its resource ready, again when its storage location has become another.
final class Readiness {
  private static final Logger LOG = System.getLogger(Readiness.class.getName());

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofMinutes(5);

  /// Where a pod was lost, there is nothing that somebody would have to mend.
  private static final Duration AGAIN_AFTER_LOSS = Duration.ofSeconds(15);

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final KubeApi api;
  private final InstantSource clock;
  private final UpkeepSettings settings;
  private final Chores chores;
  private final Recorder events;

  Readiness(
      KubeApi api, InstantSource clock, UpkeepSettings settings, Chores chores, Recorder events) {
    this.api = api;
    this.clock = clock;
    this.settings = settings;
    this.chores = chores;
    this.events = events;
  }

  /// Takes the next step.
  ///
  /// @return when to look again; empty if the repository is ready
  Optional<Duration> advance(KubeObject repository, Optional<KubeObject> location)
      throws KubeException {
    if (location.isEmpty()) {
      return Optional.of(
          notReady(
              repository,
              "no backup storage location " + repository.text("spec", "backupStorageLocation")));
    }
    String print = print(location.get());
    String phase = repository.text("status", "phase");
    String known = repository.annotation(Names.LOCATION);
    if (phase.equals("Ready") && (known.equals(print) || known.isEmpty())) {
      // One that Velero's server has prepared is taken as it is.
      if (known.isEmpty()) {
        note(repository, "", print);
      }
      return Optional.empty();
    }
    if (phase.equals("Ready")) {
      return Optional.of(notReady(repository, "re-establish on BSL change, create or delete"));
    }
    if (location.get().text("status", "phase").equals("Unavailable")) {
      return Optional.of(
          notReady(
              repository,
              "the storage location is unavailable: " + location.get().text("status", "message")));
    }
    if (hasDefaultsToFill(repository)) {
      fillDefaults(repository);
      return Optional.of(Duration.ZERO);
    }
    return prepare(repository, location.get(), print);
  }

  private Optional<Duration> prepare(KubeObject repository, KubeObject location, String print)
      throws KubeException {
    List<KubeObject> jobs = chores.jobs(repository, TaskKind.PREPARE);
    if (jobs.isEmpty()) {
      start(repository, location);
      return Optional.of(SOON);
    }
    return switch (chores.look(jobs.getLast())) {
      case Chore.Running _ -> Optional.of(SOON);
      case Chore.Ended ended when ended.isGood() -> {
        // It is told of the location by its pod: what it found may be of another by now.
        if (StorageLocation.of(location).toJson().equals(Chores.location(ended.job()))) {
          note(repository, "Ready", print);
        }
        chores.remove(ended.job());
        yield Optional.of(Duration.ZERO);
      }
      case Chore.Ended ended -> {
        Instant again = ended.end().plus(ended.isLost() ? AGAIN_AFTER_LOSS : AGAIN);
        Duration left = Duration.between(clock.instant(), again);
        if (left.isPositive()) {
          Duration look =
              notReady(repository, "error to prepare the repository: " + ended.report().message());
          yield Optional.of(look.compareTo(left) < 0 ? look : left);
        }
        chores.remove(ended.job());
        yield Optional.of(Duration.ZERO);
      }
    };
  }

  private void start(KubeObject repository, KubeObject location) throws KubeException {
    boolean readOnly = location.text("spec", "accessMode").equals("ReadOnly");
    Duration interval = RepositoryConfig.fullMaintenance(repository);
    chores.start(
        new Repository(repository.text("spec", "volumeNamespace"), location, repository),
        new Chores.Order(
            TaskKind.PREPARE,
            LIMIT,
            pod -> {
              if (readOnly) {
                pod.option(TaskOption.READ_ONLY, "true");
              }
              if (!interval.isZero()) {
                pod.option(
                    TaskOption.FULL_MAINTENANCE_SECONDS, Long.toString(interval.toSeconds()));
              }
            }));
  }

  private static boolean hasDefaultsToFill(KubeObject repository) {
    return GoDuration.parse(repository.text("spec", "maintenanceFrequency"))
        .filter(Duration::isPositive)
        .isEmpty();
  }

  /// What whoever made the resource has left to whoever keeps repositories.
  private void fillDefaults(KubeObject repository) throws KubeException {
    Json.Obj spec =
        Json.Obj.EMPTY.with(
            "maintenanceFrequency", GoDuration.text(settings.maintenanceFrequency()));
    Map<String, String> config = repositoryConfig(repository.namespace());
    if (!config.isEmpty() && repository.object("spec", "repositoryConfig").fields().isEmpty()) {
      spec = spec.with("repositoryConfig", Json.Obj.ofStrings(config));
    }
    RepositoryReconciler.patch(api, repository, spec, Json.Obj.EMPTY.with("phase", "New"));
  }

  private Map<String, String> repositoryConfig(String namespace) throws KubeException {
    String name = settings.repositoryConfigMap();
    Optional<KubeObject> found =
        name.isEmpty() ? Optional.empty() : api.lookUp(Resource.CONFIG_MAPS, namespace, name);
    try {
      return found.isEmpty() ? Map.of() : RepositoryConfig.of(found.get());
    } catch (IOException e) {
      LOG.log(Level.WARNING, () -> "ConfigMap %s: %s".formatted(name, e.getMessage()));
      return Map.of();
    }
  }

  private void note(KubeObject repository, String phase, String print) throws KubeException {
    Json.Obj status = Json.Obj.EMPTY;
    if (!phase.isEmpty()) {
      status = status.with("phase", phase).with("message", "");
      if (repository.text("status", "lastMaintenanceTime").isEmpty()) {
        // As Velero has it: the first maintenance comes after a whole interval.
        status = new KubeObject(status).with(clock.instant(), "lastMaintenanceTime").json();
      }
      events.normal(
          Velero.BACKUP_REPOSITORIES, repository, "RepositoryReady", "the repository is ready");
    }
    RepositoryReconciler.patch(
        api, repository, Json.Obj.EMPTY, status, Json.Obj.EMPTY.with(Names.LOCATION, print));
  }

  /// @return when to look again
  private Duration notReady(KubeObject repository, String message) throws KubeException {
    boolean said =
        repository.text("status", "phase").equals("NotReady")
            && repository.text("status", "message").equals(message);
    if (!said) {
      RepositoryReconciler.patch(
          api,
          repository,
          Json.Obj.EMPTY,
          Json.Obj.EMPTY.with("phase", "NotReady").with("message", message));
      events.warning(Velero.BACKUP_REPOSITORIES, repository, "RepositoryNotReady", message);
    }
    return said ? AGAIN : SOON;
  }

  /// What decides whether a location is still the same place.
  private static String print(KubeObject location) {
    Json.Obj place =
        Json.Obj.EMPTY
            .with("provider", location.text("spec", "provider"))
            .with("config", location.object("spec", "config"))
            .with("objectStorage", location.object("spec", "objectStorage"));
    return Names.digest(JsonCodec.write(place));
  }
}
