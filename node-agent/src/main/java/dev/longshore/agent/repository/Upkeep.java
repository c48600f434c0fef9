package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.event.Recorder;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Mirror;
import dev.longshore.kube.Pace;
import dev.longshore.kube.Resource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks after all repositories of a cluster, step by step. For use by one thread, by the leader.
public final class Upkeep implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Upkeep.class.getName());

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(20);

  /// The lease has to be renewed in between.
  private static final int REPOSITORIES_PER_STEP = 20;

  private final Pace pace;
  private final String namespace;
  private final Mirror repositories;
  private final Mirror jobs;
  private final RepositoryReconciler reconciler;
  private final SnapshotCollector collector;

  /// When each repository is to be looked at, by name.
  private final Map<String, Instant> due = new HashMap<>();

  private Instant collect = Instant.MIN;

  /// @param namespace Velero's
  public Upkeep(
      KubeApi api,
      Pace pace,
      String namespace,
      UpkeepSettings settings,
      PodTemplate template,
      Recorder events,
      UpkeepMeter meter) {
    this.pace = pace;
    this.namespace = namespace;
    this.repositories =
        new Mirror(
            api,
            new Mirror.Scope(Velero.BACKUP_REPOSITORIES, namespace, ListOptions.ALL),
            pace,
            (_, name) -> due.put(name, Instant.MIN));
    this.jobs =
        new Mirror(
            api,
            new Mirror.Scope(
                Resource.JOBS, namespace, ListOptions.withLabels(Names.OWNER_UID_LABEL)),
            pace,
            this::jobChanged);
    AgentConfig.Own own = template.config().own();
    RepositoryReconciler.Tools tools =
        new RepositoryReconciler.Tools(
            events, meter, own.verification().interval(), own.verification().bytes());
    Chores chores = new Chores(api, pace.clock(), template, settings);
    this.reconciler = new RepositoryReconciler(api, pace.clock(), settings, chores, tools);
    this.collector =
        new SnapshotCollector(api, pace.clock(), namespace, own.forgetAfter(), chores, tools);
  }

  private void jobChanged(String in, String name) {
    String owner = jobs.get(in, name).map(job -> job.label(Names.OWNER_UID_LABEL)).orElse("");
    for (KubeObject repository : repositories.all()) {
      if (repository.uid().equals(owner)) {
        due.put(repository.name(), Instant.MIN);
      }
    }
  }

  /// Takes the news and does what is due, without waiting.
  ///
  /// @return how long from now there is nothing to do, unless something happens
  public Duration step() throws InterruptedException {
    boolean more = repositories.step(Duration.ZERO);
    more |= jobs.step(Duration.ZERO);
    if (more) {
      return Duration.ZERO;
    }
    Instant now = pace.clock().instant();
    if (!now.isBefore(collect)) {
      collect = now.plus(collected());
    }
    if (repositories.synced() && jobs.synced()) {
      reconcileDue(now);
    }
    Instant next = due.values().stream().reduce(collect, (a, b) -> a.isBefore(b) ? a : b);
    Duration left = Duration.between(now, next);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Duration collected() {
    try {
      return collector.step();
    } catch (KubeException e) {
      LOG.log(Level.WARNING, () -> "snapshots of deleted backups: " + e.getMessage());
      return AFTER_FAILURE;
    }
  }

  private void reconcileDue(Instant now) {
    Set<String> names = new HashSet<>();
    int done = 0;
    for (KubeObject repository : repositories.all()) {
      names.add(repository.name());
      Instant when = due.getOrDefault(repository.name(), Instant.MIN);
      if (now.isBefore(when) || done == REPOSITORIES_PER_STEP) {
        continue;
      }
      done++;
      due.put(repository.name(), now.plus(reconciled(repository)));
    }
    due.keySet().retainAll(names);
  }

  private Duration reconciled(KubeObject repository) {
    List<KubeObject> own =
        jobs.all().stream()
            .filter(job -> job.label(Names.OWNER_UID_LABEL).equals(repository.uid()))
            .filter(job -> !job.isBeingDeleted())
            .toList();
    try {
      return reconciler.reconcile(repository, own);
    } catch (KubeException e) {
      LOG.log(
          e.isConflict() ? Level.DEBUG : Level.WARNING,
          () -> "repository %s/%s: %s".formatted(namespace, repository.name(), e.getMessage()));
      return e.isConflict() ? Duration.ofSeconds(1) : AFTER_FAILURE;
    }
  }

  @Override
  public void close() {
    repositories.close();
    jobs.close();
  }
}
