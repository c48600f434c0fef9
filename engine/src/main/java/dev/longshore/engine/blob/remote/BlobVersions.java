package dev.longshore.engine.blob.remote;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Instant;

/// A place that keeps what blobs were. Safe for use by many threads.
public interface BlobVersions {
  /// What a blob was from a time on.
  ///
  /// @param key the place's name of the version
  /// @param since when it began
  /// @param deleted it was nothing: the blob was deleted then
  record Version(BlobMetadata blob, String key, Instant since, boolean deleted) {}

  /// Receives versions.
  @FunctionalInterface
  interface Visitor {
    void visit(Version version) throws RepositoryException;
  }

  /// Tells whether the newer of two versions of one second is listed before the older.
  boolean newestFirst();

  /// Refuses a place that keeps no versions.
  ///
  /// @throws dev.longshore.engine.error.UnsupportedException if it keeps none
  void check() throws RepositoryException;

  /// Calls `visitor` for each version of each blob whose name starts with `prefix`, one blob after
  /// the other.
  void list(String prefix, Visitor visitor) throws RepositoryException;

  /// Reads a whole version.
  byte[] get(Version version) throws RepositoryException;

  /// Reads as many bytes of a version as the buffer has room for.
  void getRange(Version version, long offset, ByteBuffer into) throws RepositoryException;
}
