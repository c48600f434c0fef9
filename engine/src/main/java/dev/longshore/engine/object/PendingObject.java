package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;

/// An object that is being written. Thread-safe.
@FunctionalInterface
public interface PendingObject {
  /// Waits until it is written.
  ///
  /// @throws RepositoryException what went wrong
  ObjectId await() throws RepositoryException;
}
