package dev.longshore.cli.maintenance;

import dev.longshore.cli.output.Sizes;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.maintenance.TaskRun;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a task counted, in Kopia's words.
///
/// Source: kopia 4ebb2be6c `repo/maintenancestats`.
final class TaskSummary {
  private final Map<String, String> values;
  private final Sizes sizes;

  private TaskSummary(Map<String, String> values, Sizes sizes) {
    this.values = values;
    this.sizes = sizes;
  }

  /// The sentence for a kind of counts; empty for one that this version does not know.
  static Optional<String> of(TaskRun.Extra extra, Sizes sizes) {
    Map<String, String> values = new HashMap<>();
    try (JsonInput json = JsonInput.of("counts", extra.data())) {
      if (json.beginObject()) {
        for (String key = json.nextKey(); key != null; key = json.nextKey()) {
          values.put(key, unquoted(new String(json.raw(), StandardCharsets.UTF_8)));
        }
      }
      json.finish();
    } catch (CorruptException e) {
      return Optional.empty();
    }
    return Optional.ofNullable(new TaskSummary(values, sizes).sentence(extra.kind()));
  }

  private static String unquoted(String raw) {
    return raw.startsWith("\"") ? raw.substring(1, raw.length() - 1) : raw;
  }

  private @Nullable String sentence(String kind) {
    return switch (kind) {
      case "snapshotGCStats" ->
          "Found %s unreferenced contents and marked %s for deletion. Found %s in-use contents and %s in-use system contents. Retained %s recent contents. Recovered %s contents"
              .formatted(
                  contents("unreferenced"),
                  contents("deleted"),
                  contents("inUse"),
                  contents("inUseSystem"),
                  contents("unreferencedRecent"),
                  contents("recovered"));
      case "deleteUnreferencedPacksStats" ->
          "Found %s unreferenced pack blobs to delete and deleted %s. Retained %s unreferenced pack blobs."
              .formatted(packs("unreferenced"), packs("deleted"), packs("retained"));
      case "rewriteContentsStats" ->
          "Found %s contents to rewrite and rewrote %s. Retained %s contents from rewrite"
              .formatted(contents("toRewrite"), contents("rewritten"), contents("retained"));
      case "compactIndexesStats" ->
          "Dropped contents deleted before " + value("droppedContentsDeletedBefore");
      case "cleanupLogsStats" ->
          "Found %s logs blobs for deletion and deleted %s of them. Retained %s log blobs."
              .formatted(blobs("toDelete"), blobs("deleted"), blobs("retained"));
      case "advanceEpochStats" ->
          ("true".equals(value("wasAdvanced")) ? "Advanced epoch to " : "Stayed at epoch ")
              + value("currentEpoch");
      case "compactSingleEpochStats" ->
          "Compacted %s(%s) index blobs for epoch %s"
              .formatted(
                  value("supersededIndexBlobCount"),
                  size("supersededIndexTotalSize"),
                  value("epoch"));
      case "generateRangeCheckpointStats" ->
          "Generated a range checkpoint from epoch %s to %s inclusive"
              .formatted(value("rangeMinEpoch"), value("rangeMaxEpoch"));
      case "cleanupMarkersStats" ->
          "Cleaned up %s epoch markers and %s deletion watermarks"
              .formatted(value("deletedEpochMarkerBlobCount"), value("deletedWatermarkBlobCount"));
      case "cleanupSupersededIndexesStats" ->
          "Cleaned up %s(%s) superseded index blobs, max replacement time %s"
              .formatted(
                  value("deletedBlobCount"), size("deletedTotalSize"), value("maxReplacementTime"));
      case "extendBlobRetentionStats" ->
          "Blob retention extension found %s blobs and extended for %s blobs, retention period %s"
              .formatted(
                  value("toExtendBlobCount"), value("extendedBlobCount"), value("retentionPeriod"));
      default -> null;
    };
  }

  private String value(String name) {
    return values.getOrDefault(name, "0");
  }

  private String size(String name) {
    try {
      return sizes.bytes(Long.parseLong(value(name)));
    } catch (NumberFormatException e) {
      return value(name);
    }
  }

  private String contents(String what) {
    return value(what + "ContentCount") + "(" + size(what + "ContentSize") + ")";
  }

  private String packs(String what) {
    return value(what + "PackCount") + "(" + size(what + "TotalSize") + ")";
  }

  private String blobs(String what) {
    return value(what + "BlobCount") + "(" + size(what + "BlobSize") + ")";
  }
}
