package dev.longshore.engine.snapshot;

/// Follows an upload or an estimate; called by many threads, often, and must be quick. Paths are
/// relative to the root, `/` between the parts; the root itself is `.`.
public interface UploadProgress {
  /// A listener that hears nothing.
  UploadProgress NONE = new UploadProgress() {};

  /// What is to be done in all, as far as it is known; may come several times.
  default void estimated(long files, long bytes) {}

  /// A directory is being read.
  default void directory(String path) {}

  /// A file, stream or symbolic link is being read.
  default void hashing(String path) {}

  /// Bytes of the source were read and hashed; holes count.
  default void hashedBytes(long bytes) {}

  /// A file or link was read to its end.
  default void hashed(String path, long bytes) {}

  /// A file or link is as it was in the snapshot before, and was not read.
  default void cached(String path, long bytes) {}

  /// An entry is left out by a rule.
  default void excluded(String path, boolean isDirectory, long bytes) {}

  /// An entry could not be read.
  ///
  /// @param isIgnored the policy says to go on as if nothing had happened
  default void error(String path, String message, boolean isIgnored) {}

  /// A checkpoint was saved; what was read so far outlives a crash.
  default void checkpointed() {}
}
