package dev.longshore.agent.repository;

import dev.longshore.agent.api.GoDuration;
import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Maintains repositories by jobs, one at a time for each, and keeps their history.
///
/// Movers and Velero's server are the same client to a repository, `default@default`, so that the
/// owner that Kopia notes does not keep them apart: where Velero's jobs are seen, ours wait.
final class Maintenance {
  private static final int HISTORY = 25;
  private static final Duration LIMIT = Duration.ofHours(24);
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String VELEROS_LABEL = "velero.io/repo-name";

  private final KubeApi api;
  private final InstantSource clock;
  private final UpkeepSettings settings;
  private final Chores chores;
  private final RepositoryReconciler.Tools tools;

  Maintenance(
      KubeApi api,
      InstantSource clock,
      UpkeepSettings settings,
      Chores chores,
      RepositoryReconciler.Tools tools) {
    this.api = api;
    this.clock = clock;
    this.settings = settings;
    this.chores = chores;
    this.tools = tools;
  }

  /// @return when to look again
  Duration advance(Repository repository, List<KubeObject> known) throws KubeException {
    List<KubeObject> jobs =
        known.stream()
            .filter(job -> job.label(Names.TASK_LABEL).equals(TaskKind.MAINTAIN.word()))
            .toList();
    for (KubeObject job : jobs) {
      if (record(repository.resource(), job)) {
        return Duration.ZERO;
      }
    }
    if (jobs.stream().anyMatch(job -> !isOver(job))) {
      return SOON;
    }
    trim(repository.resource(), jobs);
    Instant due = due(repository.resource());
    if (clock.instant().isBefore(due)) {
      return Duration.between(clock.instant(), due);
    }
    return start(repository);
  }

  private static boolean isOver(KubeObject job) {
    return !job.array("status", "conditions").elements().isEmpty();
  }

  private Instant due(KubeObject repository) {
    Duration frequency =
        GoDuration.parse(repository.text("spec", "maintenanceFrequency"))
            .filter(Duration::isPositive)
            .orElse(settings.maintenanceFrequency());
    Instant last =
        Stream.concat(
                repository.time("status", "lastMaintenanceTime").stream(),
                history(repository).stream()
                    .flatMap(one -> new KubeObject(one).time("completeTimestamp").stream()))
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    return last.equals(Instant.MIN) ? last : last.plus(frequency);
  }

  private Duration start(Repository repository) throws KubeException {
    KubeObject resource = repository.resource();
    List<KubeObject> now = chores.jobs(resource, TaskKind.MAINTAIN);
    if (now.stream().anyMatch(job -> !isOver(job) || !isRecorded(resource, job))) {
      return SOON;
    }
    if (isMaintainedByVelero(resource)) {
      tools
          .events()
          .warning(
              Velero.BACKUP_REPOSITORIES,
              resource,
              "MaintainedByVelero",
              "Velero's server maintains the repository, so this mover does not; start the server"
                  + " with --disable-controllers=backup-repo or the agent with"
                  + " --repositories=velero");
      return RepositoryReconciler.LATER;
    }
    chores.start(repository, new Chores.Order(TaskKind.MAINTAIN, LIMIT, _ -> {}));
    return SOON;
  }

  private boolean isMaintainedByVelero(KubeObject repository) throws KubeException {
    Instant recent = clock.instant().minus(settings.maintenanceFrequency().multipliedBy(2));
    return api
        .list(
            Resource.JOBS,
            repository.namespace(),
            ListOptions.withLabels(VELEROS_LABEL + "=" + Names.label(repository.name())))
        .items()
        .stream()
        .anyMatch(job -> !isOver(job) || job.created().orElse(Instant.MAX).isAfter(recent));
  }

  private static List<Json.Obj> history(KubeObject repository) {
    return repository.array("status", "recentMaintenance").objects();
  }

  private static boolean isRecorded(KubeObject repository, KubeObject job) {
    Optional<Instant> start = job.created();
    return history(repository).stream()
        .anyMatch(one -> new KubeObject(one).time("startTimestamp").equals(start));
  }

  /// Notes how a job has ended, once.
  ///
  /// @return whether there was something to note
  private boolean record(KubeObject repository, KubeObject job) throws KubeException {
    if (!isOver(job) || isRecorded(repository, job)) {
      return false;
    }
    if (!(chores.look(job) instanceof Chore.Ended ended)) {
      return false;
    }
    String message = ended.report().message();
    KubeObject entry =
        new KubeObject(Json.Obj.EMPTY)
            .with(ended.isGood() ? "Succeeded" : "Failed", "result")
            .with(ended.start(), "startTimestamp")
            .with(ended.end(), "completeTimestamp");
    List<Json> all = new ArrayList<>(history(repository));
    all.add(message.isEmpty() ? entry.json() : entry.with(message, "message").json());
    all = all.subList(Math.max(0, all.size() - HISTORY), all.size());
    Json.Obj status = Json.Obj.of("recentMaintenance", new Json.Arr(all));
    if (ended.isGood()) {
      status =
          status.with(
              "lastMaintenanceTime", ended.end().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    RepositoryReconciler.patch(api, repository, Json.Obj.EMPTY, status);
    tools.meter().maintained(repository.name(), ended.isGood(), ended.took());
    if (!ended.isGood()) {
      tools.events().warning(Velero.BACKUP_REPOSITORIES, repository, "MaintenanceFailed", message);
    }
    return true;
  }

  private void trim(KubeObject repository, List<KubeObject> jobs) throws KubeException {
    if (jobs.isEmpty()) {
      return;
    }
    int keep = chores.config(repository).keepLatest();
    List<KubeObject> oldestFirst = Chores.oldestFirst(jobs);
    for (KubeObject job : oldestFirst.subList(0, Math.max(0, jobs.size() - keep))) {
      chores.remove(job);
    }
  }
}
