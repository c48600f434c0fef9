package dev.longshore.engine.restore;

/// Something that is not in the target as it is in the snapshot.
///
/// @param path relative to the root of the restore, `/` between the parts; empty for the root
/// @param kind what is amiss
/// @param message what, where, expected, found
public record RestoreIssue(String path, Kind kind, String message) {
  /// What is amiss.
  public enum Kind {
    /// The entry is missing or incomplete.
    FAILED,
    /// Owner or group could not be set.
    OWNER,
    /// Permissions could not be set, or not all of them.
    PERMISSIONS,
    /// The modification time could not be set.
    TIME,
    /// An extended attribute, access-control list or capability could not be set.
    ATTRIBUTES,
    /// A name of a file that has several became a file of its own.
    LINK,
    /// The kind of target has no place for it.
    UNSUPPORTED
  }

  /// Tells whether bytes or entries are missing, rather than attributes.
  public boolean isFailure() {
    return kind == Kind.FAILED;
  }

  @Override
  public String toString() {
    return (path.isEmpty() ? "." : path) + ": " + message;
  }
}
