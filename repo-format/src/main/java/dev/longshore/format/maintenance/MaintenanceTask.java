package dev.longshore.format.maintenance;

/// The tasks of maintenance, by the names under which a [MaintenanceSchedule] keeps their runs.
///
/// What is safe to do depends on the recorded runs of other tasks, so whoever does a task records
/// it under its name.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_run.go`; all versions.
public enum MaintenanceTask {
  /// Marks contents deleted that no snapshot needs.
  SNAPSHOT_GC("snapshot-gc"),
  /// Deletes packs of metadata that nothing names.
  QUICK_DELETE_BLOBS("quick-delete-blobs"),
  /// Deletes all packs and session markers that nothing names.
  FULL_DELETE_BLOBS("full-delete-blobs"),
  /// Writes contents of short packs of metadata anew.
  QUICK_REWRITE_CONTENTS("quick-rewrite-contents"),
  /// Writes contents of all short packs anew.
  FULL_REWRITE_CONTENTS("full-rewrite-contents"),
  /// Takes old tombstones out of the index.
  FULL_DROP_DELETED("full-drop-deleted-content"),
  /// Merges V0 index blobs.
  INDEX_COMPACTION("index-compaction"),
  /// Renews the store's locks on blobs.
  EXTEND_BLOB_RETENTION("extend-blob-retention-time"),
  /// Deletes old logs.
  CLEANUP_LOGS("cleanup-logs"),
  /// Begins a new epoch.
  ADVANCE_EPOCH("advance-epoch"),
  /// Deletes index blobs of epochs that were compacted.
  DELETE_SUPERSEDED_INDEXES("delete-superseded-epoch-indexes"),
  /// Deletes markers of old epochs and old watermarks.
  CLEANUP_EPOCH_MARKERS("cleanup-epoch-markers"),
  /// Merges the index blobs of several epochs.
  GENERATE_EPOCH_RANGE("generate-epoch-range-index"),
  /// Merges the index blobs of one epoch.
  COMPACT_SINGLE_EPOCH("compact-single-epoch");

  private final String id;

  MaintenanceTask(String id) {
    this.id = id;
  }

  /// The name in schedules.
  public String id() {
    return id;
  }
}
