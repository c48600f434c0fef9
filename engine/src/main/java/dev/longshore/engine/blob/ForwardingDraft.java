package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import java.nio.ByteBuffer;

/// A draft that passes every call on to another; decorators override what they change.
abstract class ForwardingDraft implements BlobDraft {
  private final BlobDraft inner;

  /// @param inner closed together with this draft
  ForwardingDraft(BlobDraft inner) {
    this.inner = inner;
  }

  @Override
  public void write(long offset, ByteBuffer piece) throws RepositoryException {
    inner.write(offset, piece);
  }

  @Override
  public void read(long offset, ByteBuffer into) throws RepositoryException {
    inner.read(offset, into);
  }

  @Override
  public void publish(long length) throws RepositoryException {
    inner.publish(length);
  }

  @Override
  public final void close() {
    inner.close();
  }
}
