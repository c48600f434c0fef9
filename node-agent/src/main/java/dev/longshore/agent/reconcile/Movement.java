package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.expose.ExposeException;
import dev.longshore.agent.expose.Exposer;
import dev.longshore.agent.expose.MoverState;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// From a mover that runs to the end of its work.
final class Movement {
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);

  private final Workplace place;
  private final MoverPods pods;
  private final Preparation preparation;
  private final Attempts attempts;
  private final Endings endings;
  private final Admission admission;

  /// Of nodes that were asked about; what was known is good enough for waiting a while longer.
  private final Map<String, Map<String, String>> labels = new HashMap<>();

  Movement(
      Workplace place,
      MoverPods pods,
      Preparation preparation,
      Attempts attempts,
      Endings endings) {
    this.place = place;
    this.pods = pods;
    this.preparation = preparation;
    this.attempts = attempts;
    this.endings = endings;
    this.admission = new Admission(place.settings().config().concurrency());
  }

  /// Lets a mover begin, when its node has room for it.
  Outcome start(Transfer transfer) throws KubeException {
    if (transfer.isToStop()) {
      return endings.canceled(transfer, "canceled before it started");
    }
    Optional<KubeObject> pod = pods.current(transfer);
    if (pod.isEmpty()) {
      return attempts.lost(transfer, "its pod is gone");
    }
    return switch (MoverState.of(pod.get())) {
      case MoverState.Hopeless(String reason) -> endings.failed(transfer, reason);
      case MoverState.Lost(String reason) -> attempts.lost(transfer, reason);
      case MoverState.Reported(String node, TaskReport report) ->
          attempts.ended(transfer, node, report);
      case MoverState.Pending _ -> Outcome.LATER;
      case MoverState.Running(String node) -> {
        if (!admission.mayStart(transfer, node, nodeLabels(node), place.transfers().all())) {
          yield Outcome.LATER;
        }
        Change change =
            new Change()
                .phase(Phase.IN_PROGRESS)
                .status("message", "")
                .time("startTimestamp", place.now());
        if (transfer.kind() == TransferKind.DATA_UPLOAD) {
          change.status("nodeOS", "linux");
        }
        place.write(transfer, change);
        place.progress().expect(transfer.uid(), place.now());
        yield new Outcome(PROGRESS_EVERY);
      }
    };
  }

  private Map<String, String> nodeLabels(String node) throws KubeException {
    if (place.settings().config().concurrency().perNode().isEmpty()) {
      return Map.of();
    }
    Map<String, String> found =
        place.api().lookUp(Resource.NODES, "", node).map(KubeObject::labels).orElse(Map.of());
    labels.put(node, found);
    return found;
  }

  /// Whether a prepared transfer has nothing but its node's slots to wait for, by what is known
  /// without asking.
  boolean waitsForSlot(Transfer transfer) {
    String node = transfer.object().annotation(Names.NODE);
    boolean known =
        place.settings().config().concurrency().perNode().isEmpty() || labels.containsKey(node);
    return known
        && !admission.mayStart(
            transfer, node, labels.getOrDefault(node, Map.of()), place.transfers().all());
  }

  /// Takes the next step of a transfer in progress.
  Outcome advance(Transfer transfer, Exposer exposer) throws KubeException, ExposeException {
    if (exposer.isHandingOver(transfer)) {
      return handOver(transfer, exposer);
    }
    Optional<KubeObject> pod = pods.current(transfer);
    MoverState state =
        pod.map(MoverState::of).orElseGet(() -> new MoverState.Lost("its pod is gone"));
    // Work that is done is done, even if somebody would have stopped it meanwhile.
    if (state instanceof MoverState.Reported(String node, TaskReport report)
        && report.outcome() == TaskReport.Outcome.COMPLETED) {
      return completed(transfer, exposer, node, report);
    }
    if (transfer.isToStop()) {
      return stop(transfer, pod, state);
    }
    boolean seen = !transfer.object().annotation(Names.POD_UID).isEmpty();
    if (pod.isEmpty() && !seen && !Attempts.isLost(transfer)) {
      // Another attempt needs its pod.
      return preparation.expose(transfer, exposer);
    }
    return switch (state) {
      case MoverState.Hopeless(String reason) -> endings.failed(transfer, reason);
      case MoverState.Lost(String reason) -> attempts.lost(transfer, reason);
      case MoverState.Reported(String node, TaskReport report) ->
          attempts.ended(transfer, node, report);
      case MoverState.Pending(String reason) ->
          preparation.waitFor(transfer, reason, Outcome.LATER);
      case MoverState.Running(String node) -> watch(transfer, pod.orElseThrow(), node, seen);
    };
  }

  private Outcome watch(Transfer transfer, KubeObject pod, String node, boolean seen)
      throws KubeException {
    Instant now = place.now();
    Progress.Heard heard = place.progress().expect(transfer.uid(), now);
    Duration silence = Duration.between(heard.at(), now);
    if (silence.compareTo(place.settings().config().own().stallTimeout()) >= 0) {
      return attempts.lost(
          transfer, "nothing was heard of pod %s for %s".formatted(pod.name(), silence));
    }
    Change change = new Change();
    boolean news = false;
    if (!seen) {
      change.annotation(Names.POD_UID, pod.uid()).annotation(Names.NODE, node);
      news = true;
    }
    boolean moved =
        heard.totalBytes() >= 0
            && (heard.doneBytes() != transfer.object().number("status", "progress", "bytesDone")
                || heard.totalBytes()
                    != transfer.object().number("status", "progress", "totalBytes"));
    if (moved) {
      change.progress(heard.totalBytes(), heard.doneBytes());
      news = true;
    }
    if (news) {
      place.write(transfer, change);
    }
    return new Outcome(PROGRESS_EVERY);
  }

  /// Ends a mover that was told to stop; it sees the resource's flag, and its pod is deleted as
  /// well.
  private Outcome stop(Transfer transfer, Optional<KubeObject> pod, MoverState state)
      throws KubeException {
    if (pod.isEmpty()
        || state instanceof MoverState.Reported
        || (state instanceof MoverState.Lost && !pod.get().isBeingDeleted())) {
      return endings.canceled(transfer, "canceled");
    }
    if (transfer.phase() != Phase.CANCELING) {
      place.write(transfer, new Change().phase(Phase.CANCELING));
    }
    pods.remove(pod.get());
    return Outcome.SOON;
  }

  private Outcome completed(Transfer transfer, Exposer exposer, String node, TaskReport report)
      throws KubeException, ExposeException {
    if (transfer.kind().isBackup()) {
      return report.snapshotId().isEmpty() && !report.emptySnapshot()
          ? endings.failed(transfer, "the mover ended without naming its snapshot")
          : endings.backedUp(transfer, node, report);
    }
    // The report goes with its pod, which handing over begins with.
    Transfer noted =
        place.write(transfer, new Change().progress(report.totalBytes(), report.totalBytes()));
    Optional<String> awaited = exposer.handOver(noted);
    return awaited.isPresent() ? Outcome.SOON : endings.restored(noted, node, report);
  }

  private Outcome handOver(Transfer transfer, Exposer exposer)
      throws KubeException, ExposeException {
    Optional<String> awaited = exposer.handOver(transfer);
    if (awaited.isPresent()) {
      return Outcome.SOON;
    }
    long size = transfer.object().number("status", "progress", "totalBytes");
    return endings.restored(
        transfer,
        transfer.object().annotation(Names.NODE),
        TaskReport.completed("", size, 0, Map.of()));
  }
}
