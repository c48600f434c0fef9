package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.expose.MoverPod;
import dev.longshore.agent.repository.SnapshotLedger;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeException;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Writes the final phases.
final class Endings {
  private final Workplace place;
  private final SnapshotLedger ledger;

  Endings(Workplace place) {
    this.place = place;
    this.ledger = new SnapshotLedger(place.api());
  }

  Outcome backedUp(Transfer transfer, String node, TaskReport report) throws KubeException {
    ledger.note(transfer, report.snapshotId());
    Change change =
        new Change()
            .status("message", report.message())
            .status("snapshotID", report.snapshotId())
            .status("path", MoverPod.VOLUME_PATH)
            .status("incrementalBytes", Json.Num.of(report.incrementalBytes()))
            .progress(report.totalBytes(), report.totalBytes());
    if (report.emptySnapshot()) {
      change.status("message", "volume was empty so no data was uploaded");
    }
    report(change, transfer, report);
    return end(transfer, Phase.COMPLETED, node, report, change);
  }

  /// How a backup in blocks was decided on; that it reads more than was hoped for is no failure,
  /// and nothing to be silent about either.
  private static void report(Change change, Transfer transfer, TaskReport report) {
    Map<String, String> changes = new TreeMap<>(report.details());
    changes
        .keySet()
        .retainAll(
            Set.of(TaskReport.CHANGE_MODE, TaskReport.CHANGE_REASON, TaskReport.CHANGE_CODE));
    if (changes.isEmpty() || transfer.kind() != TransferKind.DATA_UPLOAD) {
      return;
    }
    change.status("dataMoverResult", Json.Obj.ofStrings(changes));
    if (changes.containsKey(TaskReport.CHANGE_REASON) && report.message().isEmpty()) {
      change.status("message", "changed blocks: " + report.changeText());
    }
  }

  Outcome restored(Transfer transfer, String node, TaskReport report) throws KubeException {
    return end(
        transfer,
        Phase.COMPLETED,
        node,
        report,
        new Change()
            .status("message", report.message())
            .progress(report.totalBytes(), report.totalBytes()));
  }

  Outcome failed(Transfer transfer, String message) throws KubeException {
    return end(
        transfer,
        Phase.FAILED,
        transfer.object().annotation(Names.NODE),
        TaskReport.failed("", message, false),
        new Change().status("message", message));
  }

  Outcome canceled(Transfer transfer, String message) throws KubeException {
    String words =
        transfer.object().isBeingDeleted()
            ? message + ": %s is being deleted".formatted(transfer.title())
            : message;
    return end(
        transfer,
        Phase.CANCELED,
        transfer.object().annotation(Names.NODE),
        TaskReport.canceled(words),
        new Change().status("message", words));
  }

  private Outcome end(
      Transfer transfer, Phase outcome, String node, TaskReport report, Change change)
      throws KubeException {
    change.phase(outcome);
    Instant now = place.now();
    change.time("completionTimestamp", now);
    if (transfer.started().isEmpty()) {
      change.time("startTimestamp", now);
    }
    if (!transfer.object().isBeingDeleted()) {
      // What it was given must be cleaned up, even if it was never taken on.
      change.finalizers(transfer.object().withFinalizer(transfer.kind().finalizer()).finalizers());
    }
    if (!node.isEmpty() && transfer.kind() != TransferKind.POD_VOLUME_BACKUP) {
      change.status("node", node);
    }
    if (transfer.kind() == TransferKind.DATA_UPLOAD) {
      change.status("nodeOS", "linux");
    }
    if (!report.details().isEmpty()) {
      change.annotation(
          Names.DETAILS, JsonCodec.write(Json.Obj.ofStrings(new TreeMap<>(report.details()))));
    }
    place.write(transfer, change);
    place.progress().forget(transfer.uid());
    place
        .meter()
        .ended(
            transfer,
            outcome,
            node,
            report,
            Duration.between(transfer.object().created().orElse(now), now));
    tell(transfer, outcome, report);
    return Outcome.NOW;
  }

  private void tell(Transfer transfer, Phase outcome, TaskReport report) {
    switch (outcome) {
      case COMPLETED ->
          place
              .events()
              .normal(
                  transfer.kind().resource(),
                  transfer.object(),
                  "TransferCompleted",
                  "moved %d bytes".formatted(report.totalBytes()));
      case CANCELED ->
          place
              .events()
              .normal(
                  transfer.kind().resource(),
                  transfer.object(),
                  "TransferCanceled",
                  report.message());
      default ->
          place
              .events()
              .warning(
                  transfer.kind().resource(),
                  transfer.object(),
                  "TransferFailed",
                  report.message());
    }
  }
}
