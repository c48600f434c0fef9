package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Named bytes in a place that outlives the process.
///
/// Every store keeps the same contract (checked by `StoreContract` in the test-jar): a put is
/// atomic and durable when it returns, replaces what was there, and is seen by the next get; a list
/// may hold names of blobs that were deleted meanwhile; timestamps are the store's own. Safe for
/// use by many threads. Faults: [dev.longshore.engine.error.NotFoundException] from gets of a
/// missing blob, [dev.longshore.engine.error.StoreException] for the rest.
public interface BlobStore extends AutoCloseable {
  /// Reads a whole blob into a new array.
  byte[] get(BlobId id) throws RepositoryException;

  /// Reads `length` bytes from `offset` into a new array; a blob that ends before them is a fault.
  byte[] getRange(BlobId id, long offset, int length) throws RepositoryException;

  /// As above, as many bytes as the buffer has room for, into it. After a fault it may hold
  /// anything, at any position.
  default void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    into.put(getRange(id, offset, into.remaining()));
  }

  /// What the store knows of a blob; empty if it is missing.
  Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException;

  /// Writes or replaces a blob with the buffer's remaining bytes, which are consumed.
  void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException;

  /// Begins a blob that is to be written piece by piece. Nothing is there before it is published.
  ///
  /// Unless a store does better, the draft is in memory and put as a whole in the end.
  ///
  /// @param expectedBytes how long it will be, about
  default BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
      throws RepositoryException {
    return new MemoryDraft(this, id, expectedBytes, options);
  }

  /// Tells whether drafts take memory until they are published.
  default boolean draftsInMemory() {
    return true;
  }

  /// Tells whether a put may say the blob's time ([PutOptions#time]).
  default boolean keepsTimes() {
    return false;
  }

  /// Makes a blob's lock hold for the retention's period from now on.
  ///
  /// @throws dev.longshore.engine.error.UnsupportedException unless the store can
  default void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    throw new UnsupportedException(
        "extend the retention of " + id + ": this kind of store cannot lock blobs");
  }

  /// Deletes a blob; a missing one is no fault.
  void delete(BlobId id) throws RepositoryException;

  /// Calls `visitor` for each blob whose name starts with `prefix`, in no order; files that are no
  /// blobs are passed over. The visitor may throw to stop.
  void list(String prefix, Visitor visitor) throws RepositoryException;

  /// Kind, place and settings.
  StoreDescription description();

  /// Tells whether the blobs lie on this machine, so that copies of them there would gain nothing.
  default boolean isLocal() {
    return false;
  }

  /// Size of the store, where it has one.
  Optional<Capacity> capacity() throws RepositoryException;

  @Override
  void close() throws RepositoryException;

  /// Receives listed blobs.
  @FunctionalInterface
  interface Visitor {
    void visit(BlobMetadata blob) throws RepositoryException;
  }

  /// Sizes in bytes.
  record Capacity(long totalBytes, long availableBytes) {}
}
