package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;

/// The pieces of an object in order, one at a time, in bounded memory; begins before the first. One
/// thread only.
public interface ObjectChunks extends AutoCloseable {
  /// Moves to the first or next piece; false after the last.
  boolean next() throws RepositoryException;

  /// Where the piece begins in the object.
  long start();

  /// Where it ends.
  long end();

  /// The object that the piece is: a direct one, which may be compressed in format 1.
  ObjectId object();

  @Override
  void close();
}
