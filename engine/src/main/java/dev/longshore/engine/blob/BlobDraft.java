package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import java.nio.ByteBuffer;

/// A blob that is written piece by piece, in any order, and seen by nobody before it is whole.
///
/// Pieces that do not overlap may be written by many threads. Closing drops what was not published.
public interface BlobDraft extends AutoCloseable {
  /// Writes the buffer's remaining bytes, which are consumed.
  ///
  /// @param offset where in the blob they are
  void write(long offset, ByteBuffer piece) throws RepositoryException;

  /// Reads back as many bytes as the buffer has room for, all of which were written.
  void read(long offset, ByteBuffer into) throws RepositoryException;

  /// Puts the first `length` bytes in place, as [BlobStore#put] does. Once, after all writes.
  void publish(long length) throws RepositoryException;

  @Override
  void close();
}
