package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import java.util.List;

/// Which listed blobs form a complete set of shards.
///
/// A name `<anything>-s<set>-c<count>` belongs to the set `s<set>`, which is complete when `count`
/// such blobs are listed; a blob of any other name is a complete set of its own.
///
/// Source: kopia 4ebb2be6c `repo/blob/blobgroup` rules as used by `internal/epoch`.
final class BlobSets {
  private BlobSets() {}

  /// The first set to become complete in listing order; empty if none does.
  static List<BlobMetadata> firstComplete(List<BlobMetadata> listed) {
    throw new UnsupportedOperationException("not yet");
  }
}
