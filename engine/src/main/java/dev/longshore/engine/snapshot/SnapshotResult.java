package dev.longshore.engine.snapshot;

import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.List;

/// What making a snapshot did.
///
/// @param manifest the snapshot, with its id if it was saved
/// @param saved false if it equals the one before and the policy says not to keep such
/// @param expired snapshots that the retention policy has removed
/// @param notKept what the source has and the snapshot cannot hold
/// @param changedFiles files that changed while they were read: what is stored may mix two versions
/// @param actionsSkipped the policies name actions to run, which this engine never does
public record SnapshotResult(
    SnapshotManifest manifest,
    boolean saved,
    List<ManifestId> expired,
    NotKept notKept,
    long changedFiles,
    boolean actionsSkipped) {}
