package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The index blobs of a repository without epochs: which are in force, which to merge, which to
/// delete. Decisions only.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
public final class V0IndexSet {
  /// First letter of the names of V0 index blobs.
  public static final String INDEX_PREFIX = "n";

  /// The blob that keeps V0 clients out after an upgrade to epochs; its body is plain text.
  public static final BlobId POISON =
      new BlobId(
          "n" + "0".repeat(32) + "-repository_unreadable_by_this_kopia_version_upgrade_required");

  /// Blobs that may be small before quick maintenance merges them.
  public static final int DEFAULT_MAX_SMALL_BLOBS = 8;

  /// How long lists may be out of date: the settle time of cleanup under full safety.
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofHours(1);

  private V0IndexSet() {}

  /// The index blobs in force: those listed, without the inputs of each log whose outputs are all
  /// listed.
  ///
  /// @param indexBlobs all listed `n` blobs
  /// @param logs bodies of all listed `m` blobs
  public static List<BlobMetadata> active(
      List<BlobMetadata> indexBlobs, Iterable<CompactionLog> logs) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The index blobs to merge now; empty if it is not worth it.
  ///
  /// @param active blobs in force
  /// @param maxPackSize the format's; larger index blobs are left alone
  /// @param maxSmallBlobs fewer small blobs than this are left alone
  /// @param all merge every blob, whatever its size: needed to drop deleted contents
  public static List<BlobMetadata> toCompact(
      List<BlobMetadata> active, long maxPackSize, int maxSmallBlobs, boolean all) {
    throw new UnsupportedOperationException("not yet");
  }

  /// What to delete after a compaction.
  ///
  /// @param indexBlobs superseded index blobs; to be deleted first
  /// @param finishedLogs the logs that named them, for a new [CleanupList]
  public record Cleanup(List<BlobId> indexBlobs, List<BlobId> finishedLogs) {}

  /// Index blobs whose compaction is old enough to be seen by everybody.
  ///
  /// @param logs listed `m` blobs with their bodies
  /// @param now the timestamp of the log just written
  public static Cleanup cleanup(
      Map<BlobMetadata, CompactionLog> logs, Instant now, Duration settleTime) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Cleanup lists that are due: their logs, then they themselves, may be deleted.
  ///
  /// @param lists listed `l` blobs with their bodies
  public static List<BlobId> dueCleanupLists(
      Map<BlobMetadata, CleanupList> lists, Duration settleTime) {
    throw new UnsupportedOperationException("not yet");
  }
}
