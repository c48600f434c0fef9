package dev.longshore.engine.block;

import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.Optional;

/// What a block backup made.
///
/// @param manifest the snapshot, saved
/// @param report which blocks were read, and why
/// @param parent what it built on
/// @param counts in blocks and bytes
public record BlockResult(
    SnapshotManifest manifest, ChangeReport report, Optional<ManifestId> parent, Counts counts) {
  /// @param deviceBytes exact size
  /// @param readBlocks read, holes included, samples not
  /// @param zeroBlocks of those read, found to be zeros
  /// @param changedBlocks of those read, other than the parent's; without one, other than zeros
  /// @param sampledBlocks left out by the list of changes, read and found as expected
  /// @param repairedBlocks read because the parent's are not in the repository any more
  /// @param resumedBlocks taken over from an interrupted backup of the same state
  public record Counts(
      long deviceBytes,
      long readBlocks,
      long zeroBlocks,
      long changedBlocks,
      long sampledBlocks,
      long repairedBlocks,
      long resumedBlocks) {
    /// Bytes of the blocks that were read, which is what Velero calls incremental bytes.
    public long readBytes() {
      return Math.min(deviceBytes, (readBlocks + repairedBlocks) * BlockMap.BLOCK_BYTES);
    }
  }
}
