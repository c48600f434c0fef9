package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.cache.DiskCache;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Contents out of packs: fetches, opens, decompresses, and checks the hash. Thread-safe.
final class StoredContents {
  /// More than an honest content of any splitter takes, stored and plain.
  private static final int MAX_UNCHECKED = 40 << 20;

  /// Small enough that a pack is read by several threads, large enough that a request pays, and
  /// that the longest content of the usual splitter fits.
  private static final int MAX_RUN = 17 << 19;

  /// Some contents of the usual splitter, to be hashed side by side.
  private static final int MAX_RUN_TOGETHER = 24 << 20;

  private final BlobStore store;
  private final RepositoryCrypto crypto;
  private final ClientCaches caches;
  private final PackCache cache;

  /// @param cacheBytes memory for packs of metadata
  StoredContents(BlobStore store, RepositoryCrypto crypto, ClientCaches caches, long cacheBytes) {
    this.store = store;
    this.crypto = crypto;
    this.caches = caches;
    this.cache = new PackCache(store, caches.metadata(), cacheBytes);
  }

  /// Fetches the stored bytes of a content.
  ByteSpan fetch(IndexEntry entry) throws RepositoryException {
    if (entry.packBlobId().startsWith(PackLayout.METADATA_PREFIX)) {
      Optional<byte[]> cached = cache.get(entry);
      if (cached.isPresent()) {
        return ByteSpan.of(cached.get());
      }
    }
    return ByteSpan.of(range(entry.packBlobId(), entry.packOffset(), entry.packedLength()));
  }

  /// Fills a buffer with a range of a pack, from the local disk if it is there; otherwise it is
  /// there from then on. A pack that is too short is damage, not a fault of the store.
  void fill(BlobId pack, long offset, ByteBuffer into) throws RepositoryException {
    Optional<DiskCache> disk = caches.ofPack(pack);
    if (disk.isEmpty()) {
      fillFromStore(pack, offset, into);
      return;
    }
    ByteBuffer range = into.duplicate();
    if (!disk.get().read(pack, offset, into)) {
      fillFromStore(pack, offset, into);
      disk.get().keep(pack, offset, range, 0);
    }
  }

  /// Brings a range of a pack to the local disk.
  void prefetch(BlobId pack, long offset, int length) throws RepositoryException {
    Optional<DiskCache> disk = caches.ofPack(pack);
    if (disk.isPresent() && !disk.get().has(pack, offset, length)) {
      range(pack, offset, length);
    }
  }

  /// As [#fill], past what is on the local disk.
  void fillFromStore(BlobId pack, long offset, ByteBuffer into) throws RepositoryException {
    long end = offset + into.remaining();
    try {
      store.getRange(pack, offset, into);
      if (into.hasRemaining()) {
        throw new DamagedException(
            "pack " + pack + ": the store gave " + into.remaining() + " bytes too few");
      }
    } catch (NotFoundException e) {
      throw missing(pack, e);
    } catch (StoreException e) {
      Optional<BlobMetadata> found = store.metadata(pack);
      if (found.isPresent() && found.get().lengthBytes() < end) {
        throw tooShort(found.get(), end, e);
      }
      throw e;
    }
  }

  /// As [#fill], into a new array.
  private byte[] range(BlobId pack, long offset, int length) throws RepositoryException {
    if (length > MAX_UNCHECKED) {
      checkLength(pack, offset + length);
    }
    byte[] bytes = new byte[length];
    fill(pack, offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private void checkLength(BlobId pack, long end) throws RepositoryException {
    BlobMetadata found = store.metadata(pack).orElseThrow(() -> missing(pack, null));
    if (found.lengthBytes() < end) {
      throw tooShort(found, end, null);
    }
  }

  private static NotFoundException missing(BlobId pack, @Nullable NotFoundException cause) {
    String message = "pack " + pack + ", which the index names, is missing";
    return cause == null ? new NotFoundException(message) : new NotFoundException(message, cause);
  }

  private static DamagedException tooShort(
      BlobMetadata pack, long end, @Nullable StoreException cause) {
    String message =
        "pack " + pack.id() + " has " + pack.lengthBytes() + " bytes, but a content ends at " + end;
    return cause == null ? new DamagedException(message) : new DamagedException(message, cause);
  }

  static void checkKey(IndexEntry entry) throws UnsupportedException {
    if (entry.encryptionKeyId() != 0) {
      throw new UnsupportedException(
          name(entry)
              + ": sealed with key "
              + entry.encryptionKeyId()
              + " of the repository, of which this version knows only key 0");
    }
  }

  /// Opens stored bytes; the result is compressed if the entry says so.
  byte[] open(IndexEntry entry, ByteSpan stored) throws RepositoryException {
    checkKey(entry);
    try {
      return crypto.openContent(
          entry.contentId(), stored.bytes(), stored.offset(), stored.length());
    } catch (IOException e) {
      forget(entry);
      throw Faults.unreadable(name(entry), e);
    }
  }

  /// Drops what the local disk has of a content that cannot be opened: it came damaged, perhaps,
  /// and the store has it sound.
  void forget(IndexEntry entry) {
    caches.ofPack(entry.packBlobId()).ifPresent(disk -> disk.drop(entry.packBlobId()));
  }

  /// Opens and decompresses stored bytes and checks that they hash to the id.
  byte[] plain(IndexEntry entry, ByteSpan stored) throws RepositoryException {
    byte[] plain = open(entry, stored);
    int header = entry.compressionHeaderId();
    if (header != 0) {
      try {
        plain =
            CompressedPayload.decompress(plain, 0, plain.length, header, entry.originalLength());
      } catch (IOException e) {
        throw Faults.unreadable(name(entry), e);
      }
    }
    ContentId id = entry.contentId();
    if (!crypto.contentId(id.prefix(), plain, 0, plain.length).equals(id)) {
      throw otherHash(entry);
    }
    return plain;
  }

  static DamagedException otherHash(IndexEntry entry) {
    return new DamagedException(name(entry) + ": the bytes do not have the hash of the id");
  }

  /// Reads a run; its stored and plain bytes share one array on loan.
  ///
  /// @throws InterruptedException if interrupted while waiting for the array
  void read(PackRun run, BoundedBuffers buffers, ContentCheck check, PackVisitor visitor)
      throws RepositoryException, InterruptedException {
    read(run, buffers, visitor, reader -> reader.read(check, visitor));
  }

  /// As above, but hands over what was sealed: compressed, if the entry says so.
  void readRaw(PackRun run, BoundedBuffers buffers, PackVisitor visitor)
      throws RepositoryException, InterruptedException {
    read(run, buffers, visitor, reader -> reader.readRaw(visitor));
  }

  private interface Reading {
    void with(RunReader reader) throws RepositoryException;
  }

  private void read(PackRun run, BoundedBuffers buffers, PackVisitor visitor, Reading reading)
      throws RepositoryException, InterruptedException {
    BoundedBuffers.Lease lease;
    try {
      checkSpace(run);
      lease = lease(run, buffers);
    } catch (RepositoryException e) {
      for (IndexEntry entry : run.entries()) {
        visitor.fault(entry, e);
      }
      return;
    }
    try (lease) {
      reading.with(new RunReader(this, run, lease.array()));
    }
  }

  private static BoundedBuffers.Lease lease(PackRun run, BoundedBuffers buffers)
      throws UnsupportedException, InterruptedException {
    try {
      return buffers.lease((int) run.spaceBytes());
    } catch (OutOfMemoryError e) {
      // Of one array larger than any that is lent as a rule; nothing else is short of room.
      if (run.spaceBytes() <= buffers.usualBytes()) {
        throw e;
      }
      throw new UnsupportedException(
          name(run.entries().getFirst()) + ": takes more memory than there is", e);
    }
  }

  /// Before memory is asked for, an index that claims more than any splitter makes must agree with
  /// the length of the pack.
  private void checkSpace(PackRun run) throws RepositoryException {
    if (run.spaceBytes() <= MAX_UNCHECKED) {
      return;
    }
    IndexEntry last = run.entries().getLast();
    checkLength(run.pack(), PackRun.end(last));
    if (run.spaceBytes() > Integer.MAX_VALUE - 16) {
      throw new UnsupportedException(name(last) + ": takes " + run.spaceBytes() + " bytes");
    }
  }

  BoundedBuffers buffers(long budgetBytes, ContentCheck check) {
    boolean together = check == ContentCheck.HASHED && crypto.hasher().batchSize() > 1;
    int most = together ? MAX_RUN_TOGETHER : MAX_RUN;
    return new BoundedBuffers(budgetBytes, Math.clamp(budgetBytes / 3, 1, most));
  }

  RepositoryCrypto crypto() {
    return crypto;
  }

  static String name(IndexEntry entry) {
    return "content "
        + entry.contentId()
        + " in pack "
        + entry.packBlobId()
        + " at "
        + entry.packOffset()
        + "+"
        + entry.packedLength();
  }
}
