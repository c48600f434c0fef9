package dev.longshore.format.epoch;

import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobMetadata;
import java.util.List;

/// The body of a V0 compaction log (`m` blob): these index blobs were merged into those.
///
/// JSON: `{"inputMetadata":[{"id","length","timestamp"},…],"outputMetadata":[…]}`.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
public record CompactionLog(List<BlobMetadata> inputs, List<BlobMetadata> outputs) {
  /// First letter of the blob's name.
  public static final String BLOB_PREFIX = "m";

  /// Copies the lists.
  public CompactionLog {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// The body to be sealed.
  public byte[] encode() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads an opened body.
  ///
  /// @throws FormatException if it is not such JSON
  public static CompactionLog decode(byte[] json) throws FormatException {
    throw new UnsupportedOperationException("not yet");
  }
}
