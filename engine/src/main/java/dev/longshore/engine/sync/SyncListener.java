package dev.longshore.engine.sync;

/// Follows a copy. Called from several threads.
public interface SyncListener {
  /// Blobs were listed.
  ///
  /// @param source or the destination
  void listing(boolean source, long blobs, long bytes);

  /// Both sides are compared; copying begins, unless it is a dry run. Again if the source changed
  /// so that a further round is needed.
  void planned(SyncPlan plan);

  /// A blob was copied, or found to be there.
  ///
  /// @param blobs so far, in all rounds
  /// @param totalBytes of this and all earlier rounds
  void copied(long blobs, long bytes, long totalBytes);

  /// Something the user should know.
  void warning(String text);
}
