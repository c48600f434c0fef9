package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.expose.ExposeException;
import dev.longshore.agent.expose.Exposer;
import dev.longshore.agent.expose.Exposure;
import dev.longshore.agent.expose.MoverState;
import dev.longshore.agent.repository.Repositories;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// From taking a transfer on to its mover running.
final class Preparation {
  private static final Duration PENDING_EVERY = Duration.ofSeconds(15);
  private static final Duration LOOK_AT_EVENTS_AFTER = Duration.ofSeconds(20);

  /// What has been waited for long is looked at less often: a thousand may wait for the same.
  private static final int PATIENCE = 8;

  private final Workplace place;
  private final MoverPods pods;
  private final Repositories repositories;
  private final PodEvents events;
  private final Attempts attempts;
  private final Endings endings;

  Preparation(Workplace place, MoverPods pods, Attempts attempts, Endings endings) {
    this.place = place;
    this.pods = pods;
    this.repositories = new Repositories(place.api());
    this.events = new PodEvents(place.api());
    this.attempts = attempts;
    this.endings = endings;
  }

  /// Takes the next step of a transfer that was accepted.
  Outcome advance(Transfer transfer, Exposer exposer) throws KubeException, ExposeException {
    if (transfer.isToStop()) {
      return endings.canceled(transfer, "canceled while it was prepared");
    }
    Optional<KubeObject> pod = pods.current(transfer);
    if (pod.isPresent()) {
      return prepared(transfer, pod.get());
    }
    if (Attempts.isLost(transfer)) {
      return attempts.lost(transfer, "its pod is gone");
    }
    return expose(transfer, exposer);
  }

  /// Takes the next step towards a mover's pod.
  Outcome expose(Transfer transfer, Exposer exposer) throws KubeException, ExposeException {
    return switch (repositories.of(transfer)) {
      case Repositories.Found.Awaited(String reason) -> waitFor(transfer, reason, Outcome.SOON);
      case Repositories.Found.Ready(var repository) ->
          switch (exposer.expose(transfer, repository)) {
            case Exposure.Noted _ -> Outcome.NOW;
            case Exposure.Waiting(String reason) -> waitFor(transfer, reason, Outcome.SOON);
            case Exposure.Ready _ -> Outcome.SOON;
          };
    };
  }

  /// The pod is there; is it running?
  private Outcome prepared(Transfer transfer, KubeObject pod) throws KubeException {
    return switch (MoverState.of(pod)) {
      case MoverState.Pending(String reason) -> pending(transfer, pod, reason);
      case MoverState.Hopeless(String reason) -> endings.failed(transfer, reason);
      case MoverState.Lost(String reason) -> attempts.lost(transfer, reason);
      case MoverState.Reported(String node, TaskReport report) ->
          attempts.ended(transfer, node, report);
      case MoverState.Running(String node) -> {
        Change change =
            new Change()
                .phase(Phase.PREPARED)
                .status("message", "")
                .annotation(Names.NODE, node)
                .annotation(Names.POD_UID, pod.uid());
        if (place.settings().ownership().showsNodeEarly()
            && transfer.kind() != TransferKind.POD_VOLUME_BACKUP) {
          change.status("node", node);
        }
        place.write(transfer, change);
        yield Outcome.NOW;
      }
    };
  }

  private Outcome pending(Transfer transfer, KubeObject pod, String reason) throws KubeException {
    Instant created = pod.created().orElse(place.now());
    if (place.now().isBefore(created.plus(LOOK_AT_EVENTS_AFTER))) {
      return waitFor(transfer, reason, Outcome.LATER);
    }
    List<String> warnings = events.warnings(pod);
    Optional<String> hopeless =
        Stream.concat(Stream.of(reason), warnings.stream())
            .flatMap(one -> PodEvents.hopeless(one).stream())
            .findFirst();
    if (hopeless.isPresent()) {
      return endings.failed(transfer, hopeless.get());
    }
    return waitFor(
        transfer,
        warnings.isEmpty() ? reason : reason + " (" + warnings.getLast() + ")",
        new Outcome(PENDING_EVERY));
  }

  /// Waits within the time for preparing; what for is in the message, so that nobody has to guess.
  Outcome waitFor(Transfer transfer, String reason, Outcome again) throws KubeException {
    Instant since =
        transfer
            .object()
            .time("metadata", "annotations", Names.ATTEMPT_STARTED)
            .or(transfer::accepted)
            .orElse(place.now());
    Duration timeout = place.settings().prepareTimeout();
    if (!place.now().isBefore(since.plus(timeout))) {
      return endings.failed(
          transfer,
          "timeout on preparing %s: after %s it still waits for %s"
              .formatted(
                  transfer.kind().isBackup() ? "data upload" : "data download", timeout, reason));
    }
    String message = "waiting for " + reason;
    if (!transfer.object().text("status", "message").equals(message)
        && place.now().isAfter(since.plus(LOOK_AT_EVENTS_AFTER))) {
      place.write(transfer, new Change().status("message", message));
    }
    return again.orAfter(Duration.between(since, place.now()).dividedBy(PATIENCE));
  }
}
