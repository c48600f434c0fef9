package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.expose.ExposeException;
import dev.longshore.agent.expose.Exposer;
import dev.longshore.agent.expose.Exposure;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Moves a transfer from phase to phase, as Velero's users know them.
///
/// ```
/// New ─► Accepted ─► Prepared ─► InProgress ─► Completed
///                                   └─► Canceling ─► Canceled      Failed from anywhere
/// ```
///
/// Each call looks at what there is, does what can be done, and says when to look again. A mover
/// that is lost is replaced while attempts are left: before the transfer has begun by going back to
/// Accepted, afterwards without leaving InProgress. A final phase is written as soon as it is true;
/// the finalizer goes when nothing is left to clean up. Not safe for use by many threads.
final class TransferReconciler {
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);
  private static final Duration PENDING_EVERY = Duration.ofSeconds(15);

  /// How long a pod may take to go before it is taken out of the API by force.
  private static final Duration GOING = Duration.ofSeconds(60);

  private static final Duration LOOK_AT_EVENTS_AFTER = Duration.ofSeconds(20);

  private final KubeApi api;
  private final InstantSource clock;
  private final Settings settings;
  private final Function<TransferKind, Exposer> exposers;
  private final Transfers transfers;
  private final Repositories repositories;
  private final Progress progress;
  private final Meter meter;
  private final Admission admission;
  private final PodEvents events;
  private final Endings endings;

  TransferReconciler(
      KubeApi api,
      InstantSource clock,
      Settings settings,
      Function<TransferKind, Exposer> exposers,
      Transfers transfers,
      Progress progress,
      Meter meter) {
    this.api = api;
    this.clock = clock;
    this.settings = settings;
    this.exposers = exposers;
    this.transfers = transfers;
    this.repositories = new Repositories(api);
    this.progress = progress;
    this.meter = meter;
    this.admission = new Admission(settings.config().concurrency());
    this.events = new PodEvents(api);
    this.endings = new Endings(api, clock, transfers, progress, meter);
  }

  /// Does what can be done for a transfer.
  ///
  /// @param transfer as it was last seen; a write fails if it is older than what the server has
  /// @throws KubeException if a call failed: look again soon
  Outcome reconcile(Transfer transfer) throws KubeException {
    if (!settings.ownership().isOurs(transfer)) {
      return Outcome.DONE;
    }
    Exposer exposer = exposers.apply(transfer.kind());
    try {
      return switch (transfer.phase()) {
        case NEW -> accept(transfer, exposer);
        case ACCEPTED -> prepare(transfer, exposer);
        case PREPARED -> start(transfer);
        case IN_PROGRESS, CANCELING -> move(transfer, exposer);
        case CANCELED, COMPLETED, FAILED -> cleanUp(transfer, exposer);
      };
    } catch (ExposeException e) {
      return endings.failed(transfer, "error exposing the volume: " + e.getMessage());
    }
  }

  private Outcome accept(Transfer transfer, Exposer exposer) throws KubeException {
    if (transfer.isToStop()) {
      return endings.canceled(transfer, "canceled before it was taken on");
    }
    if (!admission.mayAccept(transfer, transfers.all()) || exposer.awaited(transfer).isPresent()) {
      keepUntilCleanedUp(transfer);
      return Outcome.LATER;
    }
    Change change =
        new Change()
            .phase(Phase.ACCEPTED)
            .time("acceptedTimestamp", clock.instant())
            .finalizers(transfer.object().withFinalizer(transfer.kind().finalizer()).finalizers())
            .annotation(Names.ATTEMPT, "1");
    if (!transfer.kind().isPodVolume()) {
      change.status("acceptedByNode", settings.nodeName());
    }
    write(transfer, change);
    meter.accepted(transfer);
    return Outcome.NOW;
  }

  /// A transfer that waits has been given a snapshot to use up: it may not vanish unseen.
  private void keepUntilCleanedUp(Transfer transfer) throws KubeException {
    KubeObject kept = transfer.object().withFinalizer(transfer.kind().finalizer());
    if (!kept.equals(transfer.object())) {
      write(transfer, new Change().finalizers(kept.finalizers()));
    }
  }

  private Outcome prepare(Transfer transfer, Exposer exposer)
      throws KubeException, ExposeException {
    if (transfer.isToStop()) {
      return endings.canceled(transfer, "canceled while it was prepared");
    }
    Optional<KubeObject> pod = currentPod(transfer);
    if (pod.isPresent()) {
      return prepared(transfer, pod.get());
    }
    if (isLost(transfer)) {
      return lost(transfer, "its pod is gone");
    }
    Optional<String> awaited = awaitedRepository(transfer);
    if (awaited.isPresent()) {
      return waitFor(transfer, awaited.get(), Outcome.SOON);
    }
    return switch (exposer.expose(transfer)) {
      case Exposure.Noted(Transfer written) -> prepare(written, exposer);
      case Exposure.Waiting(String reason) -> waitFor(transfer, reason, Outcome.SOON);
      case Exposure.Ready _ -> Outcome.SOON;
    };
  }

  private Optional<String> awaitedRepository(Transfer transfer)
      throws KubeException, ExposeException {
    Optional<KubeObject> location =
        repositories.location(transfer.namespace(), transfer.storageLocation());
    if (location.isEmpty()) {
      throw new ExposeException("no backup storage location " + transfer.storageLocation());
    }
    if (location.get().text("status", "phase").equals("Unavailable")) {
      return Optional.of(
          "backup storage location %s to be available: %s"
              .formatted(transfer.storageLocation(), location.get().text("status", "message")));
    }
    if (transfer.kind().isBackup()
        && location.get().text("spec", "accessMode").equals("ReadOnly")) {
      throw new ExposeException(
          "backup storage location %s is read-only".formatted(transfer.storageLocation()));
    }
    return repositories.ensure(
        transfer.namespace(), transfer.repositoryNamespace(), transfer.storageLocation());
  }

  /// The pod is there; is it running?
  private Outcome prepared(Transfer transfer, KubeObject pod) throws KubeException {
    return switch (MoverState.of(pod)) {
      case MoverState.Pending(String reason) -> pending(transfer, pod, reason);
      case MoverState.Hopeless(String reason) -> endings.failed(transfer, reason);
      case MoverState.Lost(String reason) -> lost(transfer, reason);
      case MoverState.Reported(String node, TaskReport report) -> ended(transfer, node, report);
      case MoverState.Running(String node) -> {
        Change change =
            new Change()
                .phase(Phase.PREPARED)
                .status("message", "")
                .annotation(Names.NODE, node)
                .annotation(Names.POD_UID, pod.uid());
        if (settings.ownership().showsNodeEarly() && hasNode(transfer)) {
          change.status("node", node);
        }
        write(transfer, change);
        yield Outcome.NOW;
      }
    };
  }

  private static boolean hasNode(Transfer transfer) {
    return transfer.kind() != TransferKind.POD_VOLUME_BACKUP;
  }

  private Outcome pending(Transfer transfer, KubeObject pod, String reason) throws KubeException {
    Instant created = pod.created().orElse(clock.instant());
    if (clock.instant().isBefore(created.plus(LOOK_AT_EVENTS_AFTER))) {
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
  private Outcome waitFor(Transfer transfer, String reason, Outcome again) throws KubeException {
    Instant since =
        transfer
            .object()
            .time("metadata", "annotations", Names.ATTEMPT_STARTED)
            .or(transfer::accepted)
            .orElse(clock.instant());
    if (!clock.instant().isBefore(since.plus(settings.prepareTimeout()))) {
      return endings.failed(
          transfer,
          "timeout on preparing %s: after %s it still waits for %s"
              .formatted(
                  transfer.kind().isBackup() ? "data upload" : "data download",
                  settings.prepareTimeout(),
                  reason));
    }
    String message = "waiting for " + reason;
    if (!transfer.object().text("status", "message").equals(message)
        && clock.instant().isAfter(since.plus(LOOK_AT_EVENTS_AFTER))) {
      write(transfer, new Change().status("message", message));
    }
    return again;
  }

  private Outcome start(Transfer transfer) throws KubeException {
    if (transfer.isToStop()) {
      return endings.canceled(transfer, "canceled before it started");
    }
    Optional<KubeObject> pod = currentPod(transfer);
    if (pod.isEmpty()) {
      return lost(transfer, "its pod is gone");
    }
    return switch (MoverState.of(pod.get())) {
      case MoverState.Hopeless(String reason) -> endings.failed(transfer, reason);
      case MoverState.Lost(String reason) -> lost(transfer, reason);
      case MoverState.Reported(String node, TaskReport report) -> ended(transfer, node, report);
      case MoverState.Pending _ -> Outcome.LATER;
      case MoverState.Running(String node) -> {
        if (!admission.mayStart(transfer, node, nodeLabels(node), transfers.all())) {
          yield Outcome.LATER;
        }
        Change change =
            new Change()
                .phase(Phase.IN_PROGRESS)
                .status("message", "")
                .time("startTimestamp", clock.instant());
        if (transfer.kind() == TransferKind.DATA_UPLOAD) {
          change.status("nodeOS", "linux");
        }
        write(transfer, change);
        meter.started(transfer);
        progress.expect(transfer.uid(), clock.instant());
        yield new Outcome(PROGRESS_EVERY);
      }
    };
  }

  private Map<String, String> nodeLabels(String node) throws KubeException {
    if (settings.config().concurrency().perNode().isEmpty()) {
      return Map.of();
    }
    try {
      return api.get(Resource.NODES, "", node).labels();
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Map.of();
      }
      throw e;
    }
  }

  private Outcome move(Transfer transfer, Exposer exposer) throws KubeException, ExposeException {
    if (exposer.isHandingOver(transfer)) {
      return handOver(transfer, exposer);
    }
    Optional<KubeObject> pod = currentPod(transfer);
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
    if (pod.isEmpty() && !seen && !isLost(transfer)) {
      return resume(transfer, exposer);
    }
    return switch (state) {
      case MoverState.Hopeless(String reason) -> endings.failed(transfer, reason);
      case MoverState.Lost(String reason) -> lost(transfer, reason);
      case MoverState.Reported(String node, TaskReport report) -> ended(transfer, node, report);
      case MoverState.Pending(String reason) -> waitFor(transfer, reason, Outcome.LATER);
      case MoverState.Running(String node) -> watch(transfer, pod.orElseThrow(), node, seen);
    };
  }

  /// Another attempt needs its pod.
  private Outcome resume(Transfer transfer, Exposer exposer) throws KubeException, ExposeException {
    return switch (exposer.expose(transfer)) {
      case Exposure.Noted(Transfer written) -> resume(written, exposer);
      case Exposure.Waiting(String reason) -> waitFor(transfer, reason, Outcome.SOON);
      case Exposure.Ready _ -> Outcome.SOON;
    };
  }

  private Outcome watch(Transfer transfer, KubeObject pod, String node, boolean seen)
      throws KubeException {
    Instant now = clock.instant();
    Progress.Heard heard = progress.expect(transfer.uid(), now);
    Duration silence = Duration.between(heard.at(), now);
    if (silence.compareTo(settings.config().own().stallTimeout()) >= 0) {
      return lost(transfer, "nothing was heard of pod %s for %s".formatted(pod.name(), silence));
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
      write(transfer, change);
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
      write(transfer, new Change().phase(Phase.CANCELING));
    }
    remove(pod.get());
    return Outcome.SOON;
  }

  /// Asks for a pod to go; what a lost node does not answer for is taken out of the API.
  private void remove(KubeObject pod) throws KubeException {
    Optional<Instant> going = pod.time("metadata", "deletionTimestamp");
    boolean stuck = going.isPresent() && clock.instant().isAfter(going.get().plus(GOING));
    if (going.isPresent() && !stuck) {
      return;
    }
    try {
      api.delete(
          Resource.PODS, pod.namespace(), pod.name(), new DeleteOptions(pod.uid(), stuck ? 0 : -1));
    } catch (KubeException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
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
        write(transfer, new Change().progress(report.totalBytes(), report.totalBytes()));
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

  /// A mover that has ended by itself, but not with its work done.
  private Outcome ended(Transfer transfer, String node, TaskReport report) throws KubeException {
    return switch (report.outcome()) {
      case COMPLETED ->
          // It waits for InProgress, so that it cannot be done before; another look will tell.
          endings.failed(transfer, "the mover ended before it was told to start");
      case CANCELED -> lost(transfer, "its mover was stopped on node " + node);
      case FAILED ->
          report.retriable()
              ? lost(transfer, report.message())
              : endings.failed(
                  transfer,
                  "%s failed: %s: %s"
                      .formatted(
                          transfer.kind().isBackup() ? "data path backup" : "data path restore",
                          report.reason(),
                          report.message()));
    };
  }

  /// Begins another attempt, if one is left.
  private Outcome lost(Transfer transfer, String reason) throws KubeException {
    int attempt = transfer.attempt();
    String noted = transfer.object().annotation(Names.LAST_FAILURE);
    // The first reason counts: that its pod is gone by then is our doing.
    String cause = isLost(transfer) ? noted : failurePrefix(transfer) + reason;
    if (attempt >= settings.config().own().attempts()) {
      return endings.failed(
          transfer,
          "gave up after %d attempts; %s".formatted(settings.config().own().attempts(), cause));
    }
    Optional<KubeObject> pod = currentPod(transfer);
    if (pod.isPresent()) {
      if (!noted.equals(cause)) {
        write(transfer, new Change().annotation(Names.LAST_FAILURE, cause));
      }
      // The volume is one pod's at a time.
      remove(pod.get());
      return Outcome.SOON;
    }
    progress.forget(transfer.uid());
    meter.lost(transfer);
    Change change =
        new Change()
            .annotation(Names.ATTEMPT, Integer.toString(attempt + 1))
            .annotation(Names.LAST_FAILURE, cause)
            .annotation(Names.ATTEMPT_STARTED, clock.instant().toString())
            .withoutAnnotation(Names.POD_UID)
            .withoutAnnotation(Names.NODE)
            .status("message", cause);
    if (transfer.phase() == Phase.PREPARED) {
      change.phase(Phase.ACCEPTED);
    }
    write(transfer, change);
    return Outcome.NOW;
  }

  /// Whether the end of the current attempt was seen before.
  private static boolean isLost(Transfer transfer) {
    return transfer.object().annotation(Names.LAST_FAILURE).startsWith(failurePrefix(transfer));
  }

  private static String failurePrefix(Transfer transfer) {
    return "attempt %d: ".formatted(transfer.attempt());
  }

  private Outcome cleanUp(Transfer transfer, Exposer exposer) throws KubeException {
    if (!transfer.object().finalizers().contains(transfer.kind().finalizer())) {
      return Outcome.DONE;
    }
    Optional<String> left = exposer.cleanUp(transfer);
    if (left.isPresent()) {
      return Outcome.SOON;
    }
    progress.forget(transfer.uid());
    write(
        transfer,
        new Change()
            .finalizers(
                transfer.object().withoutFinalizer(transfer.kind().finalizer()).finalizers()));
    return Outcome.DONE;
  }

  private Optional<KubeObject> currentPod(Transfer transfer) throws KubeException {
    String name = Names.pod(transfer.name(), transfer.attempt());
    try {
      return Optional.of(api.get(Resource.PODS, transfer.namespace(), name))
          .filter(pod -> pod.label(Names.OWNER_UID_LABEL).equals(transfer.uid()));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Transfer write(Transfer transfer, Change change) throws KubeException {
    return transfers.write(api, transfer, change);
  }
}
