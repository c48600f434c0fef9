package dev.longshore.engine.block;

import dev.longshore.format.id.ManifestId;

/// Which snapshot a block backup builds on.
public sealed interface ParentChoice {
  /// The newest whole one of the same source: Velero's empty text, and `auto`.
  record Newest() implements ParentChoice {}

  /// None: everything is read. Velero's `none`.
  record None() implements ParentChoice {}

  /// This one.
  record Snapshot(ManifestId id) implements ParentChoice {}

  /// The newest one of the source whose state has this name in the storage.
  record State(String changeId) implements ParentChoice {}
}
