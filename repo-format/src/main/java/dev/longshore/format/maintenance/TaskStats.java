package dev.longshore.format.maintenance;

import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import java.time.Instant;

/// What a maintenance task counted, as it is kept with the task's run ([TaskRun.Extra]).
///
/// | record | kind | fields of the JSON, in this order |
/// |---|---|---|
/// | [SnapshotGc] | `snapshotGCStats` | `…ContentCount` and `…ContentSize` of `unreferenced`, `deleted`, `unreferencedRecent`, `inUse`, `inUseSystem`, `recovered` |
/// | [DeletedPacks] | `deleteUnreferencedPacksStats` | `…PackCount` and `…TotalSize` of `unreferenced`, `deleted`, `retained` |
/// | [RewrittenContents] | `rewriteContentsStats` | `…ContentCount` and `…ContentSize` of `toRewrite`, `rewritten`, `retained` |
/// | [DroppedContents] | `compactIndexesStats` | `droppedContentsDeletedBefore`: time |
/// | [CleanedLogs] | `cleanupLogsStats` | `…BlobCount` and `…BlobSize` of `toDelete`, `deleted`, `retained` |
/// | [AdvancedEpoch] | `advanceEpochStats` | `currentEpoch`, `wasAdvanced` |
/// | [CompactedEpoch] | `compactSingleEpochStats` | `supersededIndexBlobCount`, `supersededIndexTotalSize`, `epoch` |
/// | [EpochRange] | `generateRangeCheckpointStats` | `rangeMinEpoch`, `rangeMaxEpoch` |
/// | [CleanedMarkers] | `cleanupMarkersStats` | `deletedEpochMarkerBlobCount`, `deletedWatermarkBlobCount` |
/// | [SupersededIndexes] | `cleanupSupersededIndexesStats` | `maxReplacementTime`: time, `deletedBlobCount`, `deletedTotalSize` |
/// | [ExtendedRetention] | `extendBlobRetentionStats` | `toExtendBlobCount`, `extendedBlobCount`, `retentionPeriod`: text such as `360h0m0s` |
///
/// Counts and sizes (bytes) are integers; all fields are always written.
///
/// Source: kopia 4ebb2be6c `repo/maintenancestats`; since 0.22.
public sealed interface TaskStats {
  /// The name of the kind.
  String kind();

  /// Writes the fields into an open object.
  void writeFields(GoJsonWriter json);

  /// As it is kept with a run.
  default TaskRun.Extra encode() {
    GoJsonWriter json = new GoJsonWriter().beginObject();
    writeFields(json);
    return new TaskRun.Extra(kind(), json.endObject().toByteArray());
  }

  /// A number of things and their bytes.
  record Tally(long count, long bytes) {
    private void write(GoJsonWriter json, String what, String of, String size) {
      json.field(what + of + "Count", count).field(what + size, bytes);
    }
  }

  /// Of a garbage collection.
  ///
  /// @param unreferenced contents no snapshot needs, without the recent ones
  /// @param deleted those marked deleted
  /// @param recent contents no snapshot needs yet
  /// @param system manifests
  /// @param recovered contents that were marked deleted and are needed
  record SnapshotGc(
      Tally unreferenced, Tally deleted, Tally recent, Tally inUse, Tally system, Tally recovered)
      implements TaskStats {
    @Override
    public String kind() {
      return "snapshotGCStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      unreferenced.write(json, "unreferenced", "Content", "ContentSize");
      deleted.write(json, "deleted", "Content", "ContentSize");
      recent.write(json, "unreferencedRecent", "Content", "ContentSize");
      inUse.write(json, "inUse", "Content", "ContentSize");
      system.write(json, "inUseSystem", "Content", "ContentSize");
      recovered.write(json, "recovered", "Content", "ContentSize");
    }
  }

  /// Of a deletion of packs that nothing names.
  record DeletedPacks(Tally unreferenced, Tally deleted, Tally retained) implements TaskStats {
    @Override
    public String kind() {
      return "deleteUnreferencedPacksStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      unreferenced.write(json, "unreferenced", "Pack", "TotalSize");
      deleted.write(json, "deleted", "Pack", "TotalSize");
      retained.write(json, "retained", "Pack", "TotalSize");
    }
  }

  /// Of a rewriting of contents.
  record RewrittenContents(Tally toRewrite, Tally rewritten, Tally retained) implements TaskStats {
    @Override
    public String kind() {
      return "rewriteContentsStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      toRewrite.write(json, "toRewrite", "Content", "ContentSize");
      rewritten.write(json, "rewritten", "Content", "ContentSize");
      retained.write(json, "retained", "Content", "ContentSize");
    }
  }

  /// Of a compaction of V0 index blobs, or a move of the watermark.
  ///
  /// @param deletedBefore tombstones before this time are gone; [GoTime#ZERO] if none were taken
  record DroppedContents(Instant deletedBefore) implements TaskStats {
    @Override
    public String kind() {
      return "compactIndexesStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      json.field("droppedContentsDeletedBefore", GoTime.format(deletedBefore));
    }
  }

  /// Of a cleanup of logs.
  record CleanedLogs(Tally toDelete, Tally deleted, Tally retained) implements TaskStats {
    @Override
    public String kind() {
      return "cleanupLogsStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      toDelete.write(json, "toDelete", "Blob", "BlobSize");
      deleted.write(json, "deleted", "Blob", "BlobSize");
      retained.write(json, "retained", "Blob", "BlobSize");
    }
  }

  /// Of a look whether a new epoch is due.
  record AdvancedEpoch(long currentEpoch, boolean wasAdvanced) implements TaskStats {
    @Override
    public String kind() {
      return "advanceEpochStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      json.field("currentEpoch", currentEpoch).field("wasAdvanced", wasAdvanced);
    }
  }

  /// Of a compaction of one epoch.
  record CompactedEpoch(Tally superseded, long epoch) implements TaskStats {
    @Override
    public String kind() {
      return "compactSingleEpochStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      superseded.write(json, "superseded", "IndexBlob", "IndexTotalSize");
      json.field("epoch", epoch);
    }
  }

  /// Of a range checkpoint.
  record EpochRange(long min, long max) implements TaskStats {
    @Override
    public String kind() {
      return "generateRangeCheckpointStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      json.field("rangeMinEpoch", min).field("rangeMaxEpoch", max);
    }
  }

  /// Of a cleanup of epoch markers.
  record CleanedMarkers(long epochMarkers, long watermarks) implements TaskStats {
    @Override
    public String kind() {
      return "cleanupMarkersStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      json.field("deletedEpochMarkerBlobCount", epochMarkers)
          .field("deletedWatermarkBlobCount", watermarks);
    }
  }

  /// Of a deletion of superseded index blobs.
  ///
  /// @param maxReplacementTime compactions before this time count
  record SupersededIndexes(Instant maxReplacementTime, Tally deleted) implements TaskStats {
    @Override
    public String kind() {
      return "cleanupSupersededIndexesStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      json.field("maxReplacementTime", GoTime.format(maxReplacementTime));
      deleted.write(json, "deleted", "Blob", "TotalSize");
    }
  }

  /// Of a renewal of locks.
  ///
  /// @param period how long they hold from now on, as Go writes durations
  record ExtendedRetention(long toExtend, long extended, String period) implements TaskStats {
    @Override
    public String kind() {
      return "extendBlobRetentionStats";
    }

    @Override
    public void writeFields(GoJsonWriter json) {
      json.field("toExtendBlobCount", toExtend)
          .field("extendedBlobCount", extended)
          .field("retentionPeriod", period);
    }
  }
}
