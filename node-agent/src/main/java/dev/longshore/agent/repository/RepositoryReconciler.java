package dev.longshore.agent.repository;

import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.event.Recorder;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Keeps a repository's resource true: what Velero's server does, where it leaves repositories to
/// us, and the reading back, which is ours anyway. Each call takes the steps that can be taken now.
final class RepositoryReconciler {
  /// When nothing is known that is due earlier.
  static final Duration LATER = Duration.ofMinutes(5);

  private final KubeApi api;
  private final UpkeepSettings settings;
  private final Readiness readiness;
  private final Maintenance maintenance;
  private final Verification verification;

  RepositoryReconciler(
      KubeApi api, InstantSource clock, UpkeepSettings settings, Chores chores, Tools tools) {
    this.api = api;
    this.settings = settings;
    this.readiness = new Readiness(api, clock, settings, chores, tools.events());
    this.maintenance = new Maintenance(api, clock, settings, chores, tools);
    this.verification = new Verification(api, clock, chores, tools);
  }

  /// Who is told of what happens.
  record Tools(Recorder events, UpkeepMeter meter, Duration verifyInterval, long verifyBytes) {}

  /// @param jobs of the repository, as they are known
  /// @return when to look again
  Duration reconcile(KubeObject repository, List<KubeObject> jobs) throws KubeException {
    String type = repository.text("spec", "repositoryType");
    boolean nothingToDo = !settings.ownsRepositories() && !verification.isWanted();
    if (nothingToDo || repository.isBeingDeleted() || !(type.isEmpty() || type.equals("kopia"))) {
      return LATER;
    }
    Optional<KubeObject> location =
        api.lookUp(
            Velero.STORAGE_LOCATIONS,
            repository.namespace(),
            repository.text("spec", "backupStorageLocation"));
    if (settings.ownsRepositories()) {
      Optional<Duration> wait = readiness.advance(repository, location);
      if (wait.isPresent()) {
        return wait.get();
      }
    }
    boolean usable =
        location.isPresent()
            && repository.text("status", "phase").equals("Ready")
            && !location.get().text("status", "phase").equals("Unavailable")
            && !location.get().text("spec", "accessMode").equals("ReadOnly");
    if (!usable) {
      return LATER;
    }
    Repository place =
        new Repository(repository.text("spec", "volumeNamespace"), location.get(), repository);
    Duration wait = verification.advance(place, jobs);
    if (settings.ownsRepositories()) {
      Duration other = maintenance.advance(place, jobs);
      wait = other.compareTo(wait) < 0 ? other : wait;
    }
    return wait;
  }

  /// A change of a repository's resource, refused if somebody else has written since.
  static KubeObject patch(KubeApi api, KubeObject repository, Json.Obj spec, Json.Obj status)
      throws KubeException {
    return patch(api, repository, spec, status, Json.Obj.EMPTY);
  }

  static KubeObject patch(
      KubeApi api, KubeObject repository, Json.Obj spec, Json.Obj status, Json.Obj annotations)
      throws KubeException {
    Json.Obj metadata = Json.Obj.EMPTY.with("resourceVersion", repository.resourceVersion());
    if (!annotations.fields().isEmpty()) {
      metadata = metadata.with("annotations", annotations);
    }
    Json.Obj patch = Json.Obj.of("metadata", metadata);
    patch = spec.fields().isEmpty() ? patch : patch.with("spec", spec);
    patch = status.fields().isEmpty() ? patch : patch.with("status", status);
    return api.patch(Velero.BACKUP_REPOSITORIES, repository.namespace(), repository.name(), patch);
  }
}
