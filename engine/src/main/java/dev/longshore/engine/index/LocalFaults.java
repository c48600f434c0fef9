package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import java.io.IOException;

/// Faults of local files, as the engine tells them.
final class LocalFaults {
  private LocalFaults() {}

  static RepositoryException of(String what, IOException e) {
    return e instanceof RepositoryException known
        ? known
        : new StoreException(
            "index cache: cannot " + what + ": " + e, StoreException.Retry.NEVER, e);
  }
}
