package dev.longshore.cli.snapshot;

import dev.longshore.engine.verify.StorageStats;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.List;
import java.util.Optional;

/// A snapshot as `snapshot list` shows it.
///
/// @param reasons why retention keeps it
/// @param storage what it takes in the repository, if that was asked for
record ListedSnapshot(
    SnapshotManifest manifest, List<String> reasons, Optional<StorageStats> storage) {}
