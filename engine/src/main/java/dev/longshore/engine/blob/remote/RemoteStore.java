package dev.longshore.engine.blob.remote;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What stores that put each blob in one request have in common. Safe for use by many threads.
public abstract class RemoteStore implements BlobStore {
  private final TemporaryDrafts drafts;

  /// @param environment says where drafts grow
  protected RemoteStore(RemoteEnvironment environment) {
    this.drafts = new TemporaryDrafts(environment.drafts());
  }

  /// Sends a blob.
  protected abstract void send(BlobId id, Body body, PutOptions options) throws RepositoryException;

  @Override
  public final byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    if (length < 0) {
      throw new IllegalArgumentException("range " + offset + "+" + length);
    }
    byte[] bytes = new byte[length];
    getRange(id, offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public final void put(BlobId id, ByteBuffer content, PutOptions options)
      throws RepositoryException {
    send(id, new Body.OfBuffer(content), options);
    content.position(content.limit());
  }

  @Override
  public final BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
      throws RepositoryException {
    return drafts.areUsable()
        ? drafts.begin("put " + id, body -> send(id, body, options))
        : BlobStore.super.draft(id, expectedBytes, options);
  }

  @Override
  public final boolean draftsInMemory() {
    return !drafts.areUsable();
  }

  @Override
  public final Optional<Capacity> capacity() {
    return Optional.empty();
  }
}
