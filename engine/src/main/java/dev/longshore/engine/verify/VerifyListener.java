package dev.longshore.engine.verify;

/// Follows a verification; called by many threads, often, and must be quick.
public interface VerifyListener {
  /// A listener that hears nothing.
  VerifyListener NONE = new VerifyListener() {};

  /// The store has been listed.
  default void blobsListed(long count) {}

  /// Counts so far.
  default void progress(VerifyStats stats) {}

  /// Something is wrong.
  default void error(VerifyResult.Fault error) {}

  /// Asked between objects; true ends the verification.
  default boolean cancelled() {
    return false;
  }
}
