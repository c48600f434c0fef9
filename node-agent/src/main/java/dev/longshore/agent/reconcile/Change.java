package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// A change of a transfer's status and metadata, as a merge patch.
///
/// Velero's resources have no status of their own endpoint, so that all goes into one write, which
/// fails if somebody else has written since.
final class Change {
  private Json.Obj status = Json.Obj.EMPTY;
  private Json.Obj annotations = Json.Obj.EMPTY;
  private Json.Obj metadata = Json.Obj.EMPTY;

  Change phase(Phase phase) {
    return status("phase", phase.word());
  }

  Change status(String field, String value) {
    status = status.with(field, value);
    return this;
  }

  Change status(String field, Json value) {
    status = status.with(field, value);
    return this;
  }

  Change time(String field, Instant time) {
    return status(field, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  Change progress(long totalBytes, long doneBytes) {
    return status(
        "progress", Json.Obj.EMPTY.with("totalBytes", totalBytes).with("bytesDone", doneBytes));
  }

  Change annotation(String key, String value) {
    annotations = annotations.with(key, value);
    return this;
  }

  Change withoutAnnotation(String key) {
    annotations = annotations.with(key, Json.Null.NULL);
    return this;
  }

  Change finalizers(List<String> finalizers) {
    metadata = metadata.with("finalizers", Json.Arr.ofStrings(finalizers));
    return this;
  }

  Json.Obj patch(Transfer transfer) {
    Json.Obj all = metadata.with("resourceVersion", transfer.object().resourceVersion());
    if (!annotations.fields().isEmpty()) {
      all = all.with("annotations", annotations);
    }
    Json.Obj patch = Json.Obj.of("metadata", all);
    return status.fields().isEmpty() ? patch : patch.with("status", status);
  }
}
