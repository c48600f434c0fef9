package dev.longshore.format.epoch;

import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import java.time.Instant;
import java.util.List;

/// The body of a V0 cleanup list (`l` blob): compaction logs whose inputs are gone, to be deleted
/// later.
///
/// JSON: `{"blobIDs":["m…"],"cleanupScheduleTime":"…"}`.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
public record CleanupList(List<BlobId> blobIds, Instant scheduleTime) {
  /// First letter of the blob's name.
  public static final String BLOB_PREFIX = "l";

  /// Copies the list.
  public CleanupList {
    blobIds = List.copyOf(blobIds);
  }

  /// The body to be sealed.
  public byte[] encode() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads an opened body.
  ///
  /// @throws FormatException if it is not such JSON
  public static CleanupList decode(byte[] json) throws FormatException {
    throw new UnsupportedOperationException("not yet");
  }
}
