package dev.longshore.engine.block.restore;

import dev.longshore.engine.concurrent.MemoryBudget;

/// How a volume is restored.
///
/// @param overwrite an image file that is there already may be replaced; a device always is
/// @param inPlace what the target holds is compared with the volume, by hash, and only what differs
///   is fetched and written
/// @param surplus what becomes of the target's bytes behind the volume
/// @param filter which parts are restored; the others keep what they hold
/// @param parallel threads that read, decode and write
/// @param budgetBytes stored and plain bytes in flight, at most (one content is always let through)
public record BlockRestoreOptions(
    boolean overwrite,
    boolean inPlace,
    Surplus surplus,
    RangeFilter filter,
    int parallel,
    long budgetBytes) {
  /// All of the volume into a device or a new file, with 8 threads and the process's share of
  /// memory in flight.
  public static final BlockRestoreOptions DEFAULTS =
      new BlockRestoreOptions(
          false, false, Surplus.CUT, RangeFilter.ALL, 8, MemoryBudget.ofProcess().transferBytes());

  /// @throws IllegalArgumentException if `parallel` or `budgetBytes` is not positive
  public BlockRestoreOptions {
    if (parallel < 1 || budgetBytes < 1) {
      throw new IllegalArgumentException("parallel " + parallel + ", budget " + budgetBytes);
    }
  }

  /// These, with or without leave to replace a file.
  public BlockRestoreOptions withOverwrite(boolean newOverwrite) {
    return new BlockRestoreOptions(newOverwrite, inPlace, surplus, filter, parallel, budgetBytes);
  }

  /// These, with or without comparing.
  public BlockRestoreOptions withInPlace(boolean newInPlace) {
    return new BlockRestoreOptions(overwrite, newInPlace, surplus, filter, parallel, budgetBytes);
  }

  /// These, with another surplus.
  public BlockRestoreOptions withSurplus(Surplus newSurplus) {
    return new BlockRestoreOptions(overwrite, inPlace, newSurplus, filter, parallel, budgetBytes);
  }

  /// These, for some parts only.
  public BlockRestoreOptions withFilter(RangeFilter newFilter) {
    return new BlockRestoreOptions(overwrite, inPlace, surplus, newFilter, parallel, budgetBytes);
  }

  /// These, with another number of threads.
  public BlockRestoreOptions withParallel(int newParallel) {
    return new BlockRestoreOptions(overwrite, inPlace, surplus, filter, newParallel, budgetBytes);
  }

  /// Tells whether anything of what a target holds may be wanted.
  boolean keepsTarget() {
    return inPlace || !filter.equals(RangeFilter.ALL) || surplus != Surplus.CUT;
  }
}
