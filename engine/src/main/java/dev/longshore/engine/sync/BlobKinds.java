package dev.longshore.engine.sync;

import dev.longshore.format.epoch.CleanupList;
import dev.longshore.format.epoch.CompactionLog;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.FormatBlob;
import java.util.Comparator;
import java.util.List;

/// Which blobs wait for which others when a repository is copied.
final class BlobKinds {
  static final BlobId FORMAT = new BlobId(FormatBlob.BLOB_NAME);
  static final BlobId RETENTION = new BlobId(BlobRetention.BLOB_NAME);

  /// Says whose copy is being made here, while there is no format blob yet, or index blobs are
  /// still missing; its body is the unique id in hexadecimal digits.
  static final BlobId MARKER = new BlobId("_sync_target");

  /// What the names of index blobs, and of what says which of them count, begin with.
  static final List<String> INDEX_PREFIXES =
      List.of(
          EpochBlobName.PREFIX,
          V0IndexSet.INDEX_PREFIX,
          CompactionLog.BLOB_PREFIX,
          CleanupList.BLOB_PREFIX);

  /// What changes in place, and is small.
  static final String SHARED_PREFIX = "kopia.";

  /// The order in which index blobs are added to a copy that is in use: newest first, markers and
  /// logs after the index blobs they put in force.
  ///
  /// An old index blob may name a pack that is gone, as a newer one says where its contents are
  /// now. So the newer one goes first, and what the copy had before it has at any instant; a
  /// snapshot that is new may lack contents until all are there ([#MARKER] says so).
  ///
  /// No order keeps both. A snapshot is seen by the index entry of its manifest, which is a content
  /// like any other: to be safe, index blobs would have to go oldest first. But an epoch's merged
  /// index blob has new manifests and says where contents are now that an older one has elsewhere:
  /// each of the two would have to go before the other. And a manifest's pack cannot be held back,
  /// as an entry whose pack is missing keeps the copy from being opened at all.
  static final Comparator<BlobMetadata> INDEX_ORDER =
      Comparator.comparingLong(BlobKinds::phase)
          .thenComparing(BlobMetadata::timestamp, Comparator.reverseOrder())
          .thenComparing(BlobMetadata::id);

  private static final long PHASE = 1L << 34;
  private static final int KINDS = 4;

  private BlobKinds() {}

  static boolean isIndex(BlobId id) {
    return INDEX_PREFIXES.stream().anyMatch(id::startsWith);
  }

  static boolean isShared(BlobId id) {
    return id.startsWith(SHARED_PREFIX);
  }

  /// Settings of a store are none of the repository's.
  static boolean isForeign(BlobId id) {
    return id.startsWith(".") || id.equals(MARKER);
  }

  private static long newest(int epoch, int kind) {
    return PHASE - (long) KINDS * epoch + kind;
  }

  private static long phase(BlobMetadata blob) {
    BlobId id = blob.id();
    if (id.startsWith(CompactionLog.BLOB_PREFIX)) {
      return 3 * PHASE;
    }
    if (id.startsWith(CleanupList.BLOB_PREFIX)) {
      return 3 * PHASE + 1;
    }
    return EpochBlobName.parse(id)
        .map(name ->
            switch (name) {
              case EpochBlobName.Range range -> newest(range.high(), 0);
              case EpochBlobName.SingleEpoch single -> newest(single.epoch(), 1);
              case EpochBlobName.Uncompacted one -> newest(one.epoch(), 2);
              case EpochBlobName.Marker marker -> newest(marker.epoch(), 0) + 4 * PHASE;
              case EpochBlobName.Watermark _ -> 8 * PHASE;
            })
        .orElse(0L);
  }
}
