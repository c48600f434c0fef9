package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A store that passes every call on to another; decorators override what they change.
public abstract class ForwardingStore implements BlobStore {
  private final BlobStore inner;

  /// @param inner closed together with this store
  protected ForwardingStore(BlobStore inner) {
    this.inner = inner;
  }

  /// The store beneath.
  protected final BlobStore inner() {
    return inner;
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return inner.get(id);
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    return inner.getRange(id, offset, length);
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    inner.getRange(id, offset, into);
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    return inner.metadata(id);
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    inner.put(id, content, options);
  }

  @Override
  public boolean keepsTimes() {
    return inner.keepsTimes();
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    inner.extendRetention(id, retention);
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    inner.delete(id);
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    inner.list(prefix, visitor);
  }

  @Override
  public StoreDescription description() {
    return inner.description();
  }

  @Override
  public boolean isLocal() {
    return inner.isLocal();
  }

  @Override
  public Optional<Capacity> capacity() throws RepositoryException {
    return inner.capacity();
  }

  @Override
  public void close() throws RepositoryException {
    inner.close();
  }
}
