package dev.longshore.engine.block;

import dev.longshore.format.block.BlockTags;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;

/// A snapshot that an incremental backup builds on.
///
/// @param manifest has an id
/// @param tags its volume, state and exact size
/// @param list the object of the device
public record BlockParent(SnapshotManifest manifest, BlockTags tags, ObjectId list) {
  /// The storage snapshot or state it was made from, as the storage names it; empty if not known.
  public String changeId() {
    return tags.changeId();
  }

  /// The volume it is of, as the storage names it; empty if not known.
  public String volumeId() {
    return tags.volumeId();
  }

  /// Size of the device when it was made, in bytes.
  public long deviceBytes() {
    return tags.deviceBytes();
  }
}
