package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;
import java.util.Optional;

/// Takes a stream of bytes, cuts it into contents and returns the object they make. One thread
/// only; the contents themselves are written by the session's CPU pool, within its byte budget.
/// When a call has failed, nothing is left to do but to close.
public interface ObjectWriter extends AutoCloseable {
  /// Appends bytes; the array may be reused when the call returns.
  void write(byte[] data, int offset, int length) throws RepositoryException;

  /// Appends `length` zero bytes, without anybody having to make them.
  void writeZeros(long length) throws RepositoryException;

  /// Bytes appended so far.
  long length();

  /// Ends the object: waits for its contents and writes its chunk list if there is more than one.
  /// An empty object is one empty content.
  ObjectId result() throws RepositoryException;

  /// An object of the whole chunks so far, without ending this one; empty if there are none.
  Optional<ObjectId> checkpoint() throws RepositoryException;

  /// Gives up what is pending; no fault after [#result()].
  @Override
  void close();
}
