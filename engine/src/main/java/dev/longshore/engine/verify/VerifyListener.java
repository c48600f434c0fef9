package dev.longshore.engine.verify;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import java.util.function.Supplier;

/// Follows a verification; called by many threads, often, and must be quick.
public interface VerifyListener {
  /// A listener that hears nothing.
  VerifyListener NONE = new VerifyListener() {};

  /// The store has been listed.
  default void blobsListed(long count) {}

  /// Something has been done.
  ///
  /// @param stats counts so far, for whoever wants them
  default void progress(Supplier<VerifyStats> stats) {}

  /// Something is wrong.
  default void error(VerifyResult.Fault error) {}

  /// A content that is not where the index says, or not what it was.
  default void damaged(ContentId id, RepositoryException fault) {}

  /// A content that error correction brought back: it is sound, but less safe than it was.
  default void mended(ContentId id) {}

  /// Asked between objects; true ends the verification.
  default boolean cancelled() {
    return false;
  }
}
