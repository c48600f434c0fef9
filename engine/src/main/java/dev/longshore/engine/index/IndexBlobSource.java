package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexReader;
import java.io.IOException;
import java.nio.channels.FileChannel;

/// Where index blobs come from. Thread-safe.
public interface IndexBlobSource {
  /// Reads an index blob into memory.
  IndexReader read(BlobId id) throws RepositoryException;

  /// Writes the plain bytes of an index blob to a file, in memory that does not grow with it. Until
  /// this returns they are not to be believed.
  ///
  /// @param plain empty
  /// @throws IOException if the file cannot be written; a [RepositoryException] if the blob is at
  ///   fault
  void copy(BlobId id, FileChannel plain) throws IOException;

  /// Told of a damaged blob; may throw the fault, or return to have the blob passed over.
  void damaged(BlobId id, RepositoryException fault) throws RepositoryException;
}
