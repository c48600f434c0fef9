package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;
import java.util.List;

/// Makes object writers of one write session. Safe for use by many threads; a writer is not.
public interface ObjectWriters {
  /// Starts an object.
  ObjectWriter open(ObjectOptions options);

  /// Joins objects into one without reading their data; one id is returned as it is. Of the options
  /// only those of the list of chunks count; its prefix is the options', whatever the parts have.
  ///
  /// @throws IllegalArgumentException if the list is empty
  ObjectId concatenate(List<ObjectId> parts, ObjectOptions options) throws RepositoryException;
}
