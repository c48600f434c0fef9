package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;

/// A store that refuses every change.
public final class ReadOnlyStore extends ForwardingStore {
  public ReadOnlyStore(BlobStore inner) {
    super(inner);
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    throw new UnsupportedException("put " + id + ": the connection is read-only");
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    throw new UnsupportedException("extend the lock of " + id + ": the connection is read-only");
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    throw new UnsupportedException("delete " + id + ": the connection is read-only");
  }
}
