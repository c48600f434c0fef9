package dev.longshore.engine.verify;

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

  /// Asked between objects; true ends the verification.
  default boolean cancelled() {
    return false;
  }
}
