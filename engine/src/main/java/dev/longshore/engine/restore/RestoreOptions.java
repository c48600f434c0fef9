package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.concurrent.MemoryBudget;

/// How a restore treats its target; the defaults are Kopia's.
///
/// @param overwrite what may be replaced
/// @param skip attributes that are left as they come
/// @param writing how files' bytes are put down
/// @param ignorePermissionErrors owners, modes and times that the system refuses are noted, not
///   faults
/// @param ignoreErrors every fault of one entry is noted as ignored
/// @param skipExisting leave files of equal size and time (within 2 s), and symbolic links, as they
///   are
/// @param deleteExtra remove what is in the target but not in the snapshot, and what is in the way
/// @param shallow from which depth on placeholders are written
/// @param parallel threads that read, decode and write
/// @param budgetBytes stored and plain bytes in flight, at most (one content is always let through)
/// @param attributes extended attributes, hard links and holes
public record RestoreOptions(
    Overwrite overwrite,
    Skip skip,
    Writing writing,
    boolean ignorePermissionErrors,
    boolean ignoreErrors,
    boolean skipExisting,
    boolean deleteExtra,
    Shallow shallow,
    int parallel,
    long budgetBytes,
    AttributeOptions attributes) {

  /// Kopia's defaults, with 8 threads and the process's share of memory in flight.
  public static final RestoreOptions DEFAULTS =
      new RestoreOptions(
          new Overwrite(true, true, true),
          new Skip(false, false, false),
          new Writing(false, false, false),
          true,
          false,
          false,
          false,
          Shallow.NEVER,
          8,
          MemoryBudget.ofProcess().transferBytes(),
          AttributeOptions.DEFAULTS);

  /// @throws IllegalArgumentException if `parallel` or `budgetBytes` is not positive
  public RestoreOptions {
    if (parallel < 1 || budgetBytes < 1) {
      throw new IllegalArgumentException("parallel " + parallel + ", budget " + budgetBytes);
    }
  }

  /// What may be replaced if it is there already.
  ///
  /// @param directories existing directories that are not empty may be restored into
  /// @param files existing files may be replaced
  /// @param symlinks existing symbolic links may be replaced; they are never followed
  public record Overwrite(boolean directories, boolean files, boolean symlinks) {}

  /// Attributes that are not restored.
  public record Skip(boolean owners, boolean permissions, boolean times) {}

  /// How files' bytes are put down.
  ///
  /// @param sparse runs of zeros become holes; else they are allocated, without being written where
  ///   the file system can do that, unless the snapshot says that the file had holes
  /// @param atomically write a temporary file and rename it when it is whole
  /// @param flush make each file durable before the next step
  public record Writing(boolean sparse, boolean atomically, boolean flush) {}

  /// Placeholders instead of deep entries.
  ///
  /// @param depth directories below this depth become placeholders; the root's children have depth
  ///   1
  /// @param minSizeBytes files smaller than this are written in full
  public record Shallow(int depth, long minSizeBytes) {
    /// Everything in full.
    public static final Shallow NEVER = new Shallow(Integer.MAX_VALUE, 0);
  }
}
