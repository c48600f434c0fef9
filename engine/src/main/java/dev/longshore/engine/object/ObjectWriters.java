package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;

/// Makes object writers of one write session. Safe for use by many threads; a writer is not.
public interface ObjectWriters {
  /// Starts an object.
  ObjectWriter open(ObjectOptions options);

  /// Writes bytes as one object of one content, whatever their number, on the pool. Waits for its
  /// budget; the buffer can be used again when the call returns.
  ///
  /// @param options without a splitter
  /// @param data its position moves to its limit; at most 64 MiB
  PendingObject submit(ObjectOptions options, ByteBuffer data) throws RepositoryException;

  /// Starts an object of pieces that are stored already.
  ///
  /// @param list how the list is written; its prefix is that of lists
  ObjectListWriter openList(ObjectOptions list);

  /// Joins objects into one without reading their data; one id is returned as it is. Of the options
  /// only those of the list of chunks count; its prefix is the options', whatever the parts have.
  ///
  /// @throws IllegalArgumentException if the list is empty
  ObjectId concatenate(List<ObjectId> parts, ObjectOptions options) throws RepositoryException;
}
