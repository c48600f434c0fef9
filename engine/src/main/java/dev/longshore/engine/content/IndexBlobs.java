package dev.longshore.engine.content;

import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.PieceOpener;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.cache.DiskCache;
import dev.longshore.engine.cache.ListCache;
import dev.longshore.engine.cache.Listing;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.index.IndexBlobSource;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.SealedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Sealed blobs with names made of their hash: index blobs, V0 logs, session markers. As a source
/// of segments it passes over nothing.
final class IndexBlobs implements IndexBlobSource {
  private static final int PIECE_BYTES = 2 << 20;
  private static final int WRITTEN_BYTES = 128 << 10;

  /// A blob that is opened as a whole is in memory three times.
  private static final int WHOLE_SHARE = 6;

  private final BlobStore store;
  private final ContentFormat format;
  private final ClientCaches caches;
  private final Clock clock;

  IndexBlobs(BlobStore store, ContentFormat format, ClientCaches caches, Clock clock) {
    this.store = store;
    this.format = format;
    this.caches = caches;
    this.clock = clock;
  }

  /// Reads and opens a sealed blob.
  byte[] open(BlobId id) throws RepositoryException {
    Optional<byte[]> kept = openKept(id);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] stored = store.get(id);
    byte[] plain;
    try {
      plain = format.crypto().openBlob(id, stored);
    } catch (IOException e) {
      throw Faults.unreadable("blob " + id, e);
    }
    if (caches.metadata().isPresent()) {
      caches.metadata().get().keep(id, 0, ByteBuffer.wrap(stored), stored.length);
    }
    return plain;
  }

  private Optional<byte[]> openKept(BlobId id) {
    if (caches.metadata().isEmpty()) {
      return Optional.empty();
    }
    DiskCache cache = caches.metadata().get();
    Optional<byte[]> stored = cache.readWhole(id);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(format.crypto().openBlob(id, stored.get()));
    } catch (IOException e) {
      cache.drop(id);
      return Optional.empty();
    }
  }

  @Override
  public IndexReader read(BlobId id) throws RepositoryException {
    byte[] plain = open(id);
    try {
      return IndexReader.open(plain);
    } catch (FormatException e) {
      throw Faults.unreadable("index blob " + id, e);
    }
  }

  @Override
  public void damaged(BlobId id, RepositoryException fault) throws RepositoryException {
    throw fault;
  }

  @Override
  public void copy(BlobId id, FileChannel plain) throws IOException {
    long length =
        store
            .metadata(id)
            .orElseThrow(() -> new NotFoundException("index blob " + id + " is missing"))
            .lengthBytes();
    long end = length - ContentCipher.TAG_BYTES;
    if (end < ContentCipher.NONCE_BYTES) {
      throw new DamagedException("index blob " + id + " has " + length + " bytes");
    }
    byte[] nonce = store.getRange(id, 0, ContentCipher.NONCE_BYTES);
    Optional<PieceOpener> opener = opener(id, nonce);
    if (opener.isEmpty()) {
      copyWhole(id, length, plain);
      return;
    }
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, end));
    for (long at = ContentCipher.NONCE_BYTES; at < end; at += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), end - at));
      store.getRange(id, at, piece);
      opener.get().open(piece.array(), 0, piece.limit());
      piece.flip();
      write(piece, plain);
    }
    try {
      opener.get().finish(store.getRange(id, end, ContentCipher.TAG_BYTES));
    } catch (IOException e) {
      throw Faults.unreadable("index blob " + id, e);
    }
  }

  private Optional<PieceOpener> opener(BlobId id, byte[] nonce) throws RepositoryException {
    try {
      return format.crypto().blobOpener(id, nonce);
    } catch (IOException e) {
      throw Faults.unreadable("index blob " + id, e);
    }
  }

  /// Error correction works on the whole blob.
  private void copyWhole(BlobId id, long length, FileChannel plain) throws IOException {
    if (length > MemoryBudget.ofProcess().heapBytes() / WHOLE_SHARE) {
      throw new UnsupportedException(
          "index blob %s has %d bytes with error correction, which do not fit in memory: give more --memory"
              .formatted(id, length));
    }
    write(ByteBuffer.wrap(open(id)), plain);
  }

  /// In parts, as the JDK keeps a native buffer of the largest for each thread.
  private static void write(ByteBuffer bytes, FileChannel file) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + WRITTEN_BYTES));
      file.write(bytes);
    }
  }

  /// Seals and puts a blob.
  BlobId put(String prefix, String suffix, byte[] plain) throws RepositoryException {
    SealedBlob sealed = format.crypto().sealBlob(prefix, suffix, plain);
    put(sealed.id(), sealed.bytes());
    return sealed.id();
  }

  /// Puts a small plain blob: a marker.
  void putPlain(BlobId id, String body) throws RepositoryException {
    put(id, body.getBytes(StandardCharsets.US_ASCII));
  }

  private void put(BlobId id, byte[] bytes) throws RepositoryException {
    try {
      store.put(id, ByteBuffer.wrap(bytes), format.putOptions(id));
    } finally {
      changed();
    }
  }

  /// Nobody of this client takes an older list for a recent one; after a fault, too.
  private void changed() {
    caches.lists().ifPresent(ListCache::changed);
  }

  /// What the store knows of a blob that was just put.
  BlobMetadata metadata(BlobId id) throws RepositoryException {
    return store
        .metadata(id)
        .orElseThrow(() -> new NotFoundException("blob " + id + " is missing though it was put"));
  }

  /// Deletes blobs, some at once.
  void deleteAll(Collection<BlobId> ids, int parallel) throws RepositoryException {
    try (Scope scope = new Scope("delete index blobs", Math.max(1, parallel))) {
      for (BlobId id : ids) {
        scope.fork(() -> store.delete(id));
      }
      scope.join();
    } finally {
      changed();
    }
  }

  /// Deletes blobs.
  void delete(Collection<BlobId> ids) throws RepositoryException {
    try {
      for (BlobId id : ids) {
        store.delete(id);
      }
    } finally {
      changed();
    }
  }

  /// Lists blobs with a prefix, in the store's order.
  List<BlobMetadata> list(String prefix) throws RepositoryException {
    return listing(prefix, IndexSource.Lists.FRESH).blobs();
  }

  /// Lists blobs with a prefix, in the store's order.
  Listing listing(String prefix, IndexSource.Lists from) throws RepositoryException {
    if (caches.lists().isEmpty()) {
      Instant at = clock.instant();
      return new Listing(listStore(prefix), at);
    }
    ListCache lists = caches.lists().get();
    Optional<Listing> recent =
        from == IndexSource.Lists.RECENT ? lists.find(prefix) : Optional.empty();
    return recent.isPresent() ? recent.get() : lists.list(prefix, () -> listStore(prefix));
  }

  private List<BlobMetadata> listStore(String prefix) throws RepositoryException {
    List<BlobMetadata> listed = new ArrayList<>();
    store.list(prefix, listed::add);
    return listed;
  }
}
