package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.TaskReport;
import java.util.Optional;

/// What is done about movers that did not do their work: another attempt, or the end.
final class Attempts {
  private final Workplace place;
  private final MoverPods pods;
  private final Endings endings;

  Attempts(Workplace place, MoverPods pods, Endings endings) {
    this.place = place;
    this.pods = pods;
    this.endings = endings;
  }

  /// A mover that has ended by itself, but not with its work done.
  Outcome ended(Transfer transfer, String node, TaskReport report) throws KubeException {
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
  Outcome lost(Transfer transfer, String reason) throws KubeException {
    int attempt = transfer.attempt();
    int most = place.settings().config().own().attempts();
    String noted = transfer.object().annotation(Names.LAST_FAILURE);
    // The first reason counts: that its pod is gone by then is our doing.
    String cause = isLost(transfer) ? noted : failurePrefix(transfer) + reason;
    if (attempt >= most) {
      return endings.failed(transfer, "gave up after %d attempts; %s".formatted(most, cause));
    }
    Optional<KubeObject> pod = pods.current(transfer);
    if (pod.isPresent()) {
      if (!noted.equals(cause)) {
        place.write(transfer, new Change().annotation(Names.LAST_FAILURE, cause));
      }
      // The volume is one pod's at a time.
      pods.remove(pod.get());
      return Outcome.SOON;
    }
    place.progress().forget(transfer.uid());
    place.meter().lost(transfer);
    place.events().warning(transfer.kind().resource(), transfer.object(), "MoverLost", cause);
    Change change =
        new Change()
            .annotation(Names.ATTEMPT, Integer.toString(attempt + 1))
            .annotation(Names.LAST_FAILURE, cause)
            .annotation(Names.ATTEMPT_STARTED, place.now().toString())
            .withoutAnnotation(Names.POD_UID)
            .withoutAnnotation(Names.NODE)
            .status("message", cause);
    if (transfer.phase() == Phase.PREPARED) {
      change.phase(Phase.ACCEPTED);
    }
    place.write(transfer, change);
    return Outcome.NOW;
  }

  /// Whether the end of the current attempt was seen before.
  static boolean isLost(Transfer transfer) {
    return transfer.object().annotation(Names.LAST_FAILURE).startsWith(failurePrefix(transfer));
  }

  private static String failurePrefix(Transfer transfer) {
    return "attempt %d: ".formatted(transfer.attempt());
  }
}
