package dev.longshore.engine.snapshot;

import dev.longshore.format.snapshot.SnapshotManifest;

/// What an upload made.
///
/// @param manifest not saved yet: without id, description, tags and pins
/// @param notKept what the source has and the snapshot cannot hold
/// @param changedFiles files that changed while they were read: what is stored may mix two versions
/// @param actionsSkipped the policies name actions to run, which this engine never does
public record UploadResult(
    SnapshotManifest manifest, NotKept notKept, long changedFiles, boolean actionsSkipped) {}
