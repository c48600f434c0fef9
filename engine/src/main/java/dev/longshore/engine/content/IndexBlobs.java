package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.SealedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Sealed blobs with names made of their hash: index blobs, V0 logs, session markers.
final class IndexBlobs {
  private final BlobStore store;
  private final ContentFormat format;

  IndexBlobs(BlobStore store, ContentFormat format) {
    this.store = store;
    this.format = format;
  }

  /// Reads and opens a sealed blob.
  byte[] open(BlobId id) throws RepositoryException {
    byte[] stored = store.get(id);
    try {
      return format.crypto().openBlob(id, stored);
    } catch (IOException e) {
      throw Faults.unreadable("blob " + id, e);
    }
  }

  /// Reads an index blob.
  IndexReader read(BlobId id) throws RepositoryException {
    byte[] plain = open(id);
    try {
      return IndexReader.open(plain);
    } catch (FormatException e) {
      throw Faults.unreadable("index blob " + id, e);
    }
  }

  /// Seals and puts a blob.
  BlobId put(String prefix, String suffix, byte[] plain) throws RepositoryException {
    SealedBlob sealed = format.crypto().sealBlob(prefix, suffix, plain);
    store.put(sealed.id(), ByteBuffer.wrap(sealed.bytes()), format.putOptions(sealed.id()));
    return sealed.id();
  }

  /// Deletes blobs.
  void delete(Collection<BlobId> ids) throws RepositoryException {
    for (BlobId id : ids) {
      store.delete(id);
    }
  }

  /// Lists blobs with a prefix, in the store's order.
  List<BlobMetadata> list(String prefix) throws RepositoryException {
    List<BlobMetadata> listed = new ArrayList<>();
    store.list(prefix, listed::add);
    return listed;
  }
}
