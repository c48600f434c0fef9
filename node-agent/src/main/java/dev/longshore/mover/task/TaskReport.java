package dev.longshore.mover.task;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.util.Map;

/// How a mover's work ended: the JSON of its termination message, 4,096 bytes at most.
///
/// | Field | Meaning |
/// |---|---|
/// | `outcome` | `completed`, `canceled`, `failed` |
/// | `snapshotID` | backup: the manifest's id, read back from the repository |
/// | `totalBytes` | bytes of the volume, backed up or restored |
/// | `incrementalBytes` | backup: bytes that the parent did not have |
/// | `emptySnapshot` | backup: there was nothing in the volume |
/// | `message` | what went wrong, in words |
/// | `reason` | what went wrong, as one word, such as `RepositoryUnavailable` |
/// | `retriable` | failed: another attempt may succeed |
/// | `details` | strings for the status and for metrics: `mode`, `parent`, `verifiedBytes`, `metadataFailures`, … |
public record TaskReport(
    Outcome outcome,
    String snapshotId,
    long totalBytes,
    long incrementalBytes,
    boolean emptySnapshot,
    String message,
    String reason,
    boolean retriable,
    Map<String, String> details) {
  /// What a kubelet keeps of a termination message.
  public static final int MAX_BYTES = 4096;

  /// Details of a backup in blocks: by which mode it was decided what to read, `delta`,
  /// `allocated`, `hash-compare` or `full`; why not by a cheaper one; and what the driver answered.
  public static final String CHANGE_MODE = "changeMode";

  public static final String CHANGE_REASON = "changeReason";
  public static final String CHANGE_CODE = "changeCode";

  private static final int MAX_MESSAGE_CHARS = 1500;

  /// The end of the work.
  public enum Outcome {
    COMPLETED,
    CANCELED,
    FAILED
  }

  public TaskReport {
    details = Map.copyOf(details);
  }

  /// The end of a task that moved bytes.
  public static TaskReport completed(
      String snapshotId, long totalBytes, long incrementalBytes, Map<String, String> details) {
    return new TaskReport(
        Outcome.COMPLETED, snapshotId, totalBytes, incrementalBytes, false, "", "", false, details);
  }

  /// The end of a task that was told to stop.
  public static TaskReport canceled(String message) {
    return new TaskReport(Outcome.CANCELED, "", 0, 0, false, message, "", false, Map.of());
  }

  /// The end of a task that could not do its work.
  public static TaskReport failed(String reason, String message, boolean retriable) {
    return new TaskReport(Outcome.FAILED, "", 0, 0, false, message, reason, retriable, Map.of());
  }

  /// How a backup in blocks was decided on, for people: `full: REASON (CODE)`; empty for others.
  public String changeText() {
    String mode = details.getOrDefault(CHANGE_MODE, "");
    String reason = details.getOrDefault(CHANGE_REASON, "");
    String code = details.getOrDefault(CHANGE_CODE, "");
    return mode
        + (reason.isEmpty() ? "" : ": " + reason)
        + (code.isEmpty() ? "" : " (" + code + ")");
  }

  /// The report as JSON; the message is shortened and details left out where it would not fit.
  public String toJson() {
    String text = json(message, details);
    for (int chars = MAX_MESSAGE_CHARS; !fits(text) && chars > 0; chars /= 2) {
      text = json(message.substring(0, Math.min(chars, message.length())), Map.of());
    }
    return text;
  }

  private static boolean fits(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  private String json(String words, Map<String, String> strings) {
    Json.Obj json =
        Json.Obj.EMPTY
            .with("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT))
            .with("snapshotID", snapshotId)
            .with("totalBytes", totalBytes)
            .with("incrementalBytes", incrementalBytes)
            .with("emptySnapshot", emptySnapshot)
            .with("message", words)
            .with("reason", reason)
            .with("retriable", retriable)
            .with("details", Json.Obj.ofStrings(new java.util.TreeMap<>(strings)));
    return JsonCodec.write(json);
  }

  /// Reads a report.
  ///
  /// @throws IOException if it is not one
  public static TaskReport parse(String json) throws IOException {
    KubeObject report = new KubeObject(JsonCodec.parseObject(json));
    Outcome outcome =
        switch (report.text("outcome")) {
          case "completed" -> Outcome.COMPLETED;
          case "canceled" -> Outcome.CANCELED;
          case "failed" -> Outcome.FAILED;
          default -> throw new IOException("a report without an outcome");
        };
    return new TaskReport(
        outcome,
        report.text("snapshotID"),
        report.number("totalBytes"),
        report.number("incrementalBytes"),
        report.flag("emptySnapshot"),
        report.text("message"),
        report.text("reason"),
        report.flag("retriable"),
        report.object("details").strings());
  }
}
