package dev.longshore.engine.block.restore;

import java.util.function.Supplier;

/// Follows the restore of a volume; called by many threads, often, and must be quick.
public interface BlockRestoreListener {
  /// A listener that hears nothing and lets all happen.
  BlockRestoreListener NONE = new BlockRestoreListener() {};

  /// Something has been done.
  ///
  /// @param stats counts so far, for whoever wants them
  default void progress(Supplier<BlockRestoreStats> stats) {}

  /// A part of the volume could not be read from the repository, and is not restored.
  default void unreadable(UnreadableRange range) {}

  /// Asked between pieces; true ends the restore.
  default boolean cancelled() {
    return false;
  }
}
