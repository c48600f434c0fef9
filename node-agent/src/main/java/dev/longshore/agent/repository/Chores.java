package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.LabelSelector;
import dev.longshore.agent.config.UpkeepConfig;
import dev.longshore.agent.expose.MoverPod;
import dev.longshore.agent.expose.MoverState;
import dev.longshore.agent.expose.Owners;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Movers' tasks for repositories as Kubernetes Jobs: started, read, removed. A job is owned by the
/// repository's resource and found by its labels; it does not bear Velero's, whose server would
/// take it for its own.
final class Chores {
  private static final String JOB_NAME_LABEL = "batch.kubernetes.io/job-name";
  private static final Comparator<KubeObject> OLDEST_FIRST =
      Comparator.comparing((KubeObject job) -> job.text("metadata", "creationTimestamp"))
          .thenComparing(KubeObject::name);

  private final KubeApi api;
  private final InstantSource clock;
  private final PodTemplate template;
  private final UpkeepSettings settings;

  Chores(KubeApi api, InstantSource clock, PodTemplate template, UpkeepSettings settings) {
    this.api = api;
    this.clock = clock;
    this.template = template;
    this.settings = settings;
  }

  /// Jobs in the order in which they were made.
  static List<KubeObject> oldestFirst(List<KubeObject> jobs) {
    return jobs.stream().sorted(OLDEST_FIRST).toList();
  }

  /// A job to be started.
  ///
  /// @param limit after which it is ended
  /// @param more what the task is told besides
  /// @param annotations of the job
  record Order(
      TaskKind task, Duration limit, Consumer<MoverPod> more, Map<String, String> annotations) {
    Order(TaskKind task, Duration limit, Consumer<MoverPod> more) {
      this(task, limit, more, Map.of());
    }
  }

  /// The jobs of a kind for a repository, the oldest first, as the server has them now.
  List<KubeObject> jobs(KubeObject repository, TaskKind task) throws KubeException {
    return jobs(repository.namespace(), task).stream()
        .filter(job -> job.label(Names.OWNER_UID_LABEL).equals(repository.uid()))
        .toList();
  }

  /// The jobs of a kind for all repositories.
  List<KubeObject> jobs(String namespace, TaskKind task) throws KubeException {
    String selector = "%s,%s=%s".formatted(Names.OWNER_UID_LABEL, Names.TASK_LABEL, task.word());
    return api.list(Resource.JOBS, namespace, ListOptions.withLabels(selector)).items().stream()
        .filter(job -> !job.isBeingDeleted())
        .sorted(OLDEST_FIRST)
        .toList();
  }

  /// The pods' settings for a repository.
  UpkeepConfig config(KubeObject repository) throws KubeException {
    if (settings.maintenanceConfigMap().isEmpty()) {
      return UpkeepConfig.DEFAULT;
    }
    String key =
        "%s-%s-kopia"
            .formatted(
                repository.text("spec", "volumeNamespace"),
                repository.text("spec", "backupStorageLocation"));
    return api.lookUp(Resource.CONFIG_MAPS, repository.namespace(), settings.maintenanceConfigMap())
        .map(found -> UpkeepConfig.of(found, key))
        .orElse(UpkeepConfig.DEFAULT);
  }

  /// Starts a job.
  void start(Repository repository, Order order) throws KubeException {
    KubeObject owner = repository.resource();
    UpkeepConfig config = config(owner);
    MoverPod pod =
        new MoverPod(template.with(template.config().forUpkeep(config)), order.task())
            .repository(repository)
            .label(Names.OWNER_UID_LABEL, owner.uid())
            .label(Names.OWNER_LABEL, owner(owner))
            .onNodes(config.nodes().map(LabelSelector::nodeExpressions).orElse(List.of()));
    order.more().accept(pod);
    Json.Obj spec =
        Json.Obj.EMPTY
            .with("backoffLimit", 0)
            .with("activeDeadlineSeconds", order.limit().toSeconds())
            .with("template", pod.template());
    String name =
        Names.label(
            "longshore-%s-%s-%d".formatted(order.task().word(), owner.name(), clock.millis()));
    KubeObject job =
        KubeObject.of(Resource.JOBS, owner.namespace(), name)
            .withLabel(Names.OWNER_UID_LABEL, owner.uid())
            .withLabel(Names.OWNER_LABEL, owner(owner))
            .withLabel(Names.TASK_LABEL, order.task().word())
            .with(
                Json.Arr.of(Owners.controller(Velero.BACKUP_REPOSITORIES, owner)),
                "metadata",
                "ownerReferences")
            .with(spec, "spec");
    Json.Obj annotations = Json.Obj.ofStrings(order.annotations());
    var _ =
        api.create(
            Resource.JOBS,
            annotations.fields().isEmpty()
                ? job
                : job.with(annotations, "metadata", "annotations"));
  }

  private static String owner(KubeObject repository) {
    return Names.label(Velero.BACKUP_REPOSITORIES.plural() + "." + repository.name());
  }

  /// The storage location that a job's pod was told of.
  static String location(KubeObject job) {
    return job.array("spec", "template", "spec", "containers").objects().stream()
        .flatMap(one -> new KubeObject(one).array("env").objects().stream())
        .map(KubeObject::new)
        .filter(variable -> variable.text("name").equals(StorageLocation.VARIABLE))
        .map(variable -> variable.text("value"))
        .findFirst()
        .orElse("");
  }

  /// The values of an option that a job's mover has.
  static List<String> options(KubeObject job, String name) {
    String prefix = name + "=";
    return job.array("spec", "template", "spec", "containers").objects().stream()
        .flatMap(one -> new KubeObject(one).array("args").strings().stream())
        .filter(word -> word.startsWith(prefix))
        .map(word -> word.substring(prefix.length()))
        .toList();
  }

  /// How far a job has come.
  Chore look(KubeObject job) throws KubeException {
    Instant start = job.created().orElse(clock.instant());
    for (Json.Obj one : job.array("status", "conditions").objects()) {
      KubeObject condition = new KubeObject(one);
      String type = condition.text("type");
      if (!condition.text("status").equals("True")
          || (!type.equals("Complete") && !type.equals("Failed"))) {
        continue;
      }
      Instant end =
          job.time("status", "completionTime")
              .or(() -> condition.time("lastTransitionTime"))
              .orElse(clock.instant());
      return new Chore.Ended(job, report(job, condition), start, end);
    }
    return new Chore.Running(job);
  }

  private TaskReport report(KubeObject job, KubeObject condition) throws KubeException {
    Optional<KubeObject> pod =
        api
            .list(
                Resource.PODS,
                job.namespace(),
                ListOptions.withLabels(JOB_NAME_LABEL + "=" + job.name()))
            .items()
            .stream()
            .max(OLDEST_FIRST);
    if (pod.isPresent()) {
      MoverState state = MoverState.of(pod.get());
      if (state instanceof MoverState.Reported(String _, TaskReport report)) {
        return report;
      }
      if (state instanceof MoverState.Lost(String reason)) {
        return TaskReport.failed(Chore.Ended.LOST, reason, true);
      }
    }
    String words = "%s: %s".formatted(condition.text("reason"), condition.text("message"));
    return TaskReport.failed(Chore.Ended.LOST, "job %s: %s".formatted(job.name(), words), true);
  }

  /// Removes a job with its pods.
  void remove(KubeObject job) throws KubeException {
    try {
      api.delete(Resource.JOBS, job.namespace(), job.name(), DeleteOptions.of(job));
    } catch (KubeException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }
}
