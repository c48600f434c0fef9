package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;
import java.util.Optional;

/// Makes an object of pieces that are stored already. Its list is written as it grows and never
/// held whole. One thread only; when a call has failed, nothing is left to do but to close.
public interface ObjectListWriter extends AutoCloseable {
  /// Appends a piece.
  ///
  /// @param length its plain length in bytes
  void append(long length, ObjectId piece) throws RepositoryException;

  /// Bytes of the object so far.
  long length();

  /// An object of the pieces so far, without ending this one; empty if there are none.
  Optional<ObjectId> checkpoint() throws RepositoryException;

  /// Ends the object. Of a single piece it is a list all the same.
  ///
  /// @throws IllegalStateException if there is none
  ObjectId result() throws RepositoryException;

  /// Gives up what is pending; no fault after [#result()].
  @Override
  void close();
}
