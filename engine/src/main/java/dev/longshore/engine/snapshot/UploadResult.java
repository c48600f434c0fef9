package dev.longshore.engine.snapshot;

import dev.longshore.format.snapshot.SnapshotManifest;

/// What an upload made.
///
/// @param manifest not saved yet: without id, description, tags and pins
/// @param notKept what the source has and the snapshot cannot hold
/// @param actionsSkipped the policies name actions to run, which this engine never does
public record UploadResult(SnapshotManifest manifest, NotKept notKept, boolean actionsSkipped) {}
