package dev.longshore.mover.store;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A store that answers no more once its task is told to stop. For tasks that may end between any
/// two requests, since the next one goes on where they stopped; not for those that have something
/// to save. As safe for use by many threads as the store beneath.
final class CancellableStore extends ForwardingStore {
  private final CancelToken cancel;

  CancellableStore(BlobStore inner, CancelToken cancel) {
    super(inner);
    this.cancel = cancel;
  }

  private void check() throws StoreException {
    if (cancel.isCancelled()) {
      throw new StoreException("the task was told to stop", StoreException.Retry.NEVER);
    }
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    check();
    return super.get(id);
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    check();
    return super.getRange(id, offset, length);
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    check();
    super.getRange(id, offset, into);
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    check();
    return super.metadata(id);
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    check();
    super.put(id, content, options);
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    check();
    super.delete(id);
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    check();
    super.list(
        prefix,
        blob -> {
          check();
          visitor.visit(blob);
        });
  }
}
