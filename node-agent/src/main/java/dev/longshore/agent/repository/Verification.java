package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;

/// Reads repositories back by jobs, some bytes in each; what came of it is in an annotation of the
/// repository's resource, in events and in metrics.
final class Verification {
  private static final Duration LIMIT = Duration.ofHours(24);
  private static final Duration SOON = Duration.ofSeconds(15);

  private final KubeApi api;
  private final InstantSource clock;
  private final Chores chores;
  private final RepositoryReconciler.Tools tools;

  Verification(KubeApi api, InstantSource clock, Chores chores, RepositoryReconciler.Tools tools) {
    this.api = api;
    this.clock = clock;
    this.chores = chores;
    this.tools = tools;
  }

  boolean isWanted() {
    return !tools.verifyInterval().isZero();
  }

  /// @return when to look again
  Duration advance(Repository repository, List<KubeObject> known) throws KubeException {
    if (!isWanted()) {
      return RepositoryReconciler.LATER;
    }
    KubeObject resource = repository.resource();
    for (KubeObject job : Chores.oldestFirst(known)) {
      if (!job.label(Names.TASK_LABEL).equals(TaskKind.VERIFY.word())) {
        continue;
      }
      switch (chores.look(job)) {
        case Chore.Running _ -> {
          return SOON;
        }
        case Chore.Ended ended -> {
          if (record(resource, ended)) {
            return Duration.ZERO;
          }
          chores.remove(job);
        }
      }
    }
    // A new repository has little to read: what it has was just written.
    Instant last = noted(resource).time("at").or(resource::created).orElse(Instant.EPOCH);
    Instant due = last.plus(tools.verifyInterval());
    if (clock.instant().isBefore(due)) {
      return Duration.between(clock.instant(), due);
    }
    if (chores.jobs(resource, TaskKind.VERIFY).isEmpty()) {
      chores.start(
          repository,
          new Chores.Order(
              TaskKind.VERIFY,
              LIMIT,
              pod -> pod.option(TaskOption.MAX_BYTES, Long.toString(tools.verifyBytes()))));
    }
    return SOON;
  }

  private static KubeObject noted(KubeObject repository) {
    try {
      return new KubeObject(JsonCodec.parseObject(repository.annotation(Names.VERIFIED)));
    } catch (IOException e) {
      return new KubeObject(Json.Obj.EMPTY);
    }
  }

  /// @return false if it was noted before
  private boolean record(KubeObject repository, Chore.Ended ended) throws KubeException {
    if (noted(repository).text("job").equals(ended.job().name())) {
      return false;
    }
    TaskReport report = ended.report();
    Json.Obj note =
        Json.Obj.EMPTY
            .with("job", ended.job().name())
            .with("at", ended.end().truncatedTo(ChronoUnit.SECONDS).toString())
            .with("outcome", ended.isGood() ? "good" : report.reason())
            .with("details", Json.Obj.ofStrings(new TreeMap<>(report.details())));
    if (!report.message().isEmpty()) {
      note = note.with("message", report.message());
    }
    RepositoryReconciler.patch(
        api,
        repository,
        Json.Obj.EMPTY,
        Json.Obj.EMPTY,
        Json.Obj.EMPTY.with(Names.VERIFIED, JsonCodec.write(note)));
    tools.meter().verified(repository.name(), report);
    if (ended.isGood()) {
      tools
          .events()
          .normal(
              Velero.BACKUP_REPOSITORIES,
              repository,
              "Verified",
              "read back %s bytes of the repository"
                  .formatted(report.details().getOrDefault("verifiedBytes", "0")));
    } else {
      tools
          .events()
          .warning(
              Velero.BACKUP_REPOSITORIES,
              repository,
              "VerificationFailed",
              report.reason() + ": " + report.message());
    }
    return true;
  }
}
