package dev.longshore.engine.sync;

import dev.longshore.format.repository.BlobRetention;
import java.nio.file.Path;

/// How a repository is copied.
///
/// @param update copy also what both sides have, where the source's is newer, or, of the few blobs
///   that change in place, another
/// @param delete delete from the destination what the source does not have
/// @param dryRun only compare
/// @param mustExist refuse a destination that holds no repository yet
/// @param times give copies the times of their originals, where the destination can
/// @param parallel blobs on their way at once
/// @param check how the result is checked
/// @param retention how copies of lockable blobs are locked, where the destination can
/// @param budgetBytes of blobs in memory, at most; a larger blob goes in pieces
/// @param scratch folder for lists that are too long for memory
public record SyncOptions(
    boolean update,
    boolean delete,
    boolean dryRun,
    boolean mustExist,
    boolean times,
    int parallel,
    SyncCheck check,
    BlobRetention retention,
    long budgetBytes,
    Path scratch) {
  /// @throws IllegalArgumentException if `parallel` is not positive
  public SyncOptions {
    if (parallel < 1) {
      throw new IllegalArgumentException("parallel: " + parallel);
    }
  }
}
