package dev.longshore.engine.block;

/// Follows a block backup. Called by one thread, often, and must be quick.
public interface BlockProgress {
  /// A listener that hears nothing.
  BlockProgress NONE = new BlockProgress() {};

  /// What will be read, and why so much. May come again, when a list of changes proved wrong: then
  /// reading starts anew.
  ///
  /// @param readBytes bytes of the device, holes included
  default void planned(ChangeReport report, long readBytes) {}

  /// Bytes of those planned are read and stored, or known to be zeros or there.
  default void read(long bytes) {}

  /// A checkpoint was saved; what was read so far outlives a crash.
  default void checkpointed() {}
}
