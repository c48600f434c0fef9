package dev.longshore.engine.restore;

import java.util.function.Supplier;

/// Follows a restore; called by many threads, often, and must be quick.
public interface RestoreListener {
  /// A listener that hears nothing and lets all happen.
  RestoreListener NONE = new RestoreListener() {};

  /// Something has been done.
  ///
  /// @param stats counts so far, for whoever wants them
  default void progress(Supplier<RestoreStats> stats) {}

  /// Something could not be restored.
  default void issue(RestoreIssue issue) {}

  /// Asked between entries and contents; true ends the restore.
  default boolean cancelled() {
    return false;
  }
}
