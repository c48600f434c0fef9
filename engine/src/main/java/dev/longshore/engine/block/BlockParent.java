package dev.longshore.engine.block;

import dev.longshore.format.block.BlockTags;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;

/// A snapshot that an incremental backup builds on.
///
/// @param manifest has an id
/// @param tags its volume, state and exact size
/// @param list the object of the device
public record BlockParent(SnapshotManifest manifest, BlockTags tags, ObjectId list) {}
