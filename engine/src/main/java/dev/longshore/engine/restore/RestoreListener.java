package dev.longshore.engine.restore;

/// Follows a restore; called by many threads, often, and must be quick.
public interface RestoreListener {
  /// A listener that hears nothing and lets all happen.
  RestoreListener NONE = new RestoreListener() {};

  /// Counts so far.
  default void progress(RestoreStats stats) {}

  /// Something could not be restored.
  default void issue(RestoreIssue issue) {}

  /// Asked between entries and contents; true ends the restore.
  default boolean cancelled() {
    return false;
  }
}
