package dev.longshore.kube;

/// A change that a watch reports.
///
/// @param object as it is now, or was when deleted; of a bookmark only its version is there
public record WatchEvent(Type type, KubeObject object) {
  /// What happened.
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    /// Nothing happened up to the object's version.
    BOOKMARK
  }
}
