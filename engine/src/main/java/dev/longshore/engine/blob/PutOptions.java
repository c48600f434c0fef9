package dev.longshore.engine.blob;

import dev.longshore.format.repository.BlobRetention;
import java.time.Instant;
import java.util.Optional;

/// How a blob is put.
///
/// @param retention the lock to put on the blob; stores that cannot lock refuse it
/// @param ifAbsent fail with a `StoreException` rather than replace an existing blob, where the
///   store can tell
/// @param time the blob's time, in stores that keep one ([BlobStore#keepsTimes]); others use theirs
public record PutOptions(
    Optional<BlobRetention> retention, boolean ifAbsent, Optional<Instant> time) {
  /// No lock, replace.
  public static final PutOptions NONE = new PutOptions(Optional.empty(), false);

  /// The store's own time.
  public PutOptions(Optional<BlobRetention> retention, boolean ifAbsent) {
    this(retention, ifAbsent, Optional.empty());
  }
}
