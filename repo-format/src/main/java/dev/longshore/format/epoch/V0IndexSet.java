package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

  /// What an index blob is "very small" against: this fraction of the pack size.
  private static final int VERY_SMALL_FRACTION = 20;

  private V0IndexSet() {}

  /// The index blobs in force: those listed, without the inputs of each log whose outputs are all
  /// listed, or were merged in their turn by a log of which that is true. [#POISON] is among them
  /// if it is listed: it shows a repository upgraded to epochs.
  ///
  /// Kopia looks for the outputs in the list only. Where a cleanup was cut off, an output may be
  /// gone while inputs are left; these would come back, with what was deleted since.
  ///
  /// @param indexBlobs all listed `n` blobs
  /// @param logs bodies of all listed `m` blobs
  public static List<BlobMetadata> active(
      List<BlobMetadata> indexBlobs, Collection<CompactionLog> logs) {
    Set<BlobId> accounted = new HashSet<>(ids(indexBlobs));
    Set<BlobId> superseded = new HashSet<>();
    List<CompactionLog> rest = new ArrayList<>(logs);
    boolean found = true;
    while (found) {
      found =
          rest.removeIf(log -> {
            boolean counts = accounted.containsAll(ids(log.outputs()));
            if (counts) {
              superseded.addAll(ids(log.inputs()));
            }
            return counts;
          });
      accounted.addAll(superseded);
    }
    return indexBlobs.stream().filter(blob -> !superseded.contains(blob.id())).toList();
  }

  private static Set<BlobId> ids(List<BlobMetadata> blobs) {
    return blobs.stream().map(BlobMetadata::id).collect(Collectors.toSet());
  }

  /// The index blobs to merge now; empty if there are too few. One blob alone need not be merged
  /// unless contents are dropped from it.
  ///
  /// @param active blobs in force
  /// @param maxPackSize the format's; larger index blobs are left alone
  /// @param maxSmallBlobs fewer small blobs than this are left alone
  /// @param all take every blob, whatever its size: needed to drop deleted contents
  public static List<BlobMetadata> toCompact(
      List<BlobMetadata> active, long maxPackSize, int maxSmallBlobs, boolean all) {
    List<BlobMetadata> candidates =
        active.stream().filter(blob -> all || blob.lengthBytes() <= maxPackSize).toList();
    if (candidates.size() < maxSmallBlobs) {
      return List.of();
    }
    List<BlobMetadata> verySmall =
        candidates.stream()
            .filter(blob -> blob.lengthBytes() < maxPackSize / VERY_SMALL_FRACTION)
            .toList();
    int medium = candidates.size() - verySmall.size();
    boolean onlyVerySmall = verySmall.size() > candidates.size() / 2 && medium + 1 < maxSmallBlobs;
    return onlyVerySmall ? verySmall : candidates;
  }

  /// What to delete after a compaction.
  ///
  /// @param indexBlobs superseded index blobs, to be deleted first, one list after the other: what
  ///   is left of a cleanup that was cut off must not come back to force, to readers that believe a
  ///   log only while its outputs are there
  /// @param finishedLogs the logs that named them, for a new [CleanupList]
  public record Cleanup(List<List<BlobId>> indexBlobs, List<BlobId> finishedLogs) {}

  /// Index blobs whose compaction is old enough to have been seen by everybody.
  ///
  /// @param logs listed `m` blobs with their bodies
  /// @param now the timestamp of the log just written
  public static Cleanup cleanup(
      Map<BlobMetadata, CompactionLog> logs, Instant now, Duration settleTime) {
    Instant cutoff = now.minus(settleTime);
    Set<BlobId> indexBlobs = new TreeSet<>();
    Set<BlobId> finished = new TreeSet<>();
    logs.forEach((blob, log) -> {
      if (!blob.timestamp().isAfter(cutoff)) {
        indexBlobs.addAll(ids(log.inputs()));
        finished.add(blob.id());
      }
    });
    return new Cleanup(inputsFirst(indexBlobs, logs.values()), List.copyOf(finished));
  }

  /// Puts what a log has merged before what it has merged it to.
  private static List<List<BlobId>> inputsFirst(
      Set<BlobId> toDelete, Collection<CompactionLog> logs) {
    List<List<BlobId>> order = new ArrayList<>();
    Set<BlobId> left = new TreeSet<>(toDelete);
    while (!left.isEmpty()) {
      Set<BlobId> next = new TreeSet<>(left);
      for (CompactionLog log : logs) {
        if (ids(log.inputs()).stream().anyMatch(left::contains)) {
          next.removeAll(ids(log.outputs()));
        }
      }
      if (next.isEmpty()) {
        next.addAll(left); // logs that go round in a circle, which nobody writes
      }
      order.add(List.copyOf(next));
      left.removeAll(next);
    }
    return order;
  }

  /// What the cleanup lists allow to delete now, in this order: compaction logs, then the lists
  /// that named them. A list is due when the newest list was written `settleTime` after its
  /// schedule time.
  ///
  /// @param lists listed `l` blobs with their bodies
  public static List<BlobId> dueForDeletion(
      Map<BlobMetadata, CleanupList> lists, Duration settleTime) {
    Set<BlobId> due = new LinkedHashSet<>();
    List<BlobId> dueLists = new ArrayList<>();
    lists.keySet().stream()
        .map(BlobMetadata::timestamp)
        .max(Comparator.naturalOrder())
        .ifPresent(newest ->
            lists.forEach((blob, list) -> {
              if (!list.scheduleTime().plus(settleTime).isAfter(newest)) {
                due.addAll(list.blobIds());
                dueLists.add(blob.id());
              }
            }));
    due.addAll(dueLists);
    return List.copyOf(due);
  }
}
