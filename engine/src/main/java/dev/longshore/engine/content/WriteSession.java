package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.BufferPool;
import dev.longshore.engine.content.ContentStore.Environment;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.FormatCopy;
import dev.longshore.format.pack.PackBuilder;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// The one implementation of [ContentSession].
///
/// Locks, in the order in which they are taken: `flushing` (one flush at a time), the `p` slot, the
/// `q` slot. `generation` changes only while both slots are held, so whoever holds one may use it.
///
/// Source: the rules are of kopia 4ebb2be6c `repo/content/content_manager.go`.
final class WriteSession implements ContentSession {
  private static final int ALL_HOLDS = 1 << 20;
  private static final long KEPT_BUFFER_BYTES = 64L << 20;

  /// Index 2 has 28 bits for a length.
  private static final int MAX_STORED_BYTES = (1 << 28) - 1;

  private final ContentStore contents;
  private final BlobStore store;
  private final ContentFormat format;
  private final ContentWriteOptions options;
  private final Environment environment;
  private final PackUploads uploads;
  private final PackSlot dataSlot;
  private final PackSlot metadataSlot;
  private final SessionReads reads;

  /// Entries not yet published, by id; what is in `generation` and in those being flushed.
  private final Map<ContentId, IndexEntry> pending = new ConcurrentHashMap<>();

  private final InFlightWrites inFlight = new InFlightWrites();
  private final WriteCounters counters = new WriteCounters();
  private final BufferPool buffers = new BufferPool(KEPT_BUFFER_BYTES);

  private final ReentrantLock flushing = new ReentrantLock();

  /// A hold takes one, a flush takes all.
  private final Semaphore holds = new Semaphore(ALL_HOLDS, true);

  /// Being flushed, or failed to be; guarded by `flushing`.
  private final List<Generation> ended = new ArrayList<>();

  private volatile Generation generation;
  private volatile boolean closed;

  WriteSession(
      ContentStore contents, BlobStore store, ContentFormat format, ContentWriteOptions options) {
    this.contents = contents;
    this.store = store;
    this.format = format;
    this.options = options;
    this.environment = contents.environment();
    this.uploads = new PackUploads(store, format, options.parallelUploads());
    byte[] copy =
        format.format().enablePasswordChange()
            ? new byte[0]
            : FormatCopy.encode(format.formatBlob());
    this.dataSlot = new PackSlot(PackBuilder.DATA_PREFIX, format, copy, environment.random());
    this.metadataSlot =
        new PackSlot(PackBuilder.METADATA_PREFIX, format, copy, environment.random());
    this.reads = new SessionReads(contents, pending, dataSlot, metadataSlot, uploads);
    this.generation = newGeneration();
  }

  private Generation newGeneration() {
    return new Generation(store, contents.blobs(), contents.client(), environment);
  }

  private long nowSeconds() {
    return environment.clock().instant().getEpochSecond();
  }

  private void checkUsable() throws RepositoryException {
    if (closed) {
      throw new IllegalStateException("the write session is closed");
    }
    uploads.check();
  }

  // ---- writing

  @Override
  public ContentId write(
      char prefix, byte[] data, int offset, int length, Optional<Compression> compression)
      throws RepositoryException {
    checkUsable();
    if (format.crypto().sealedLength(length) > MAX_STORED_BYTES) {
      throw new IllegalArgumentException("content of " + length + " bytes");
    }
    ContentId id = format.crypto().contentId(prefix, data, offset, length);
    counters.hashed(length);
    while (!isPresent(id)) {
      Optional<InFlightWrites.Claim> claimed = inFlight.claim(id);
      if (claimed.isEmpty()) {
        checkUsable(); // the twin may have failed
        continue;
      }
      try (InFlightWrites.Claim _ = claimed.get()) {
        // A twin may have ended between the look-up and the claim.
        if (!isPresent(id)) {
          store(id, data, offset, length, compression);
          flushIfDue();
          return id;
        }
      }
    }
    counters.deduplicated(length);
    return id;
  }

  private boolean isPresent(ContentId id) throws RepositoryException {
    Optional<IndexEntry> known = find(id);
    return known.isPresent() && !known.get().deleted();
  }

  private void store(
      ContentId id, byte[] data, int offset, int length, Optional<Compression> compression)
      throws RepositoryException {
    RepositoryCrypto crypto = format.crypto();
    int compressed = -1;
    int header = 0;
    try (BufferPool.Lease sealed = buffers.lease(crypto.sealedLength(length));
        BufferPool.Lease payload = buffers.lease(compression.isPresent() ? length : 0)) {
      if (compression.isPresent() && format.format().supportsContentCompression()) {
        compressed =
            CompressedPayload.compress(compression.get(), data, offset, length, payload.array(), 0);
      }
      int sealedLength;
      if (compressed >= 0) {
        header = compression.get().headerId();
        sealedLength = crypto.sealContent(id, payload.array(), 0, compressed, sealed.array(), 0);
      } else {
        sealedLength = crypto.sealContent(id, data, offset, length, sealed.array(), 0);
      }
      place(new Placed(id, length, header, false), sealed.array(), sealedLength);
      counters.written(length, sealedLength);
    }
  }

  /// What is known of a content before it has a place.
  private record Placed(ContentId id, int plainLength, int header, boolean deleted) {}

  /// Puts sealed bytes in the open pack, with a time that wins over what is known of the content.
  private void place(Placed content, byte[] sealed, int sealedLength) throws RepositoryException {
    ContentId id = content.id;
    PackSlot slot = reads.slotOf(id);
    slot.lock().lock();
    try {
      IndexEntry like =
          new IndexEntry(
              id,
              NOWHERE,
              0,
              sealedLength,
              content.plainLength,
              content.header,
              content.deleted,
              nextTime(reads.findLoaded(id)),
              format.format().version(),
              0);
      IndexEntry entry = slot.append(like, sealed, generation.session());
      pending.put(id, entry);
      if (slot.isFull()) {
        sendPack(slot);
      }
    } finally {
      slot.lock().unlock();
    }
  }

  private static final BlobId NOWHERE = new BlobId("none");

  private long nextTime(Optional<IndexEntry> known) {
    long now = nowSeconds();
    return known.isPresent() ? Math.max(now, known.get().timestampSeconds() + 1) : now;
  }

  /// Hands the slot's pack to the uploads; waits, with the slot held, until they have room. So a
  /// slow store slows the writers down instead of filling the memory.
  private void sendPack(PackSlot slot) throws RepositoryException {
    uploads.check();
    uploads.reserve();
    generation.add(slot.entries());
    uploads.start(generation, slot.finish());
  }

  @Override
  public void delete(ContentId id) throws RepositoryException {
    checkUsable();
    contents.index().fresh();
    PackSlot slot = reads.slotOf(id);
    slot.lock().lock();
    try {
      Optional<IndexEntry> known = reads.findLoaded(id);
      if (known.isEmpty() || known.get().deleted()) {
        return;
      }
      IndexEntry old = known.get();
      IndexEntry tombstone =
          new IndexEntry(
              id,
              old.packBlobId(),
              old.packOffset(),
              old.packedLength(),
              old.originalLength(),
              old.compressionHeaderId(),
              true,
              nextTime(known),
              old.formatVersion(),
              old.encryptionKeyId());
      slot.add(tombstone);
      pending.put(id, tombstone);
    } finally {
      slot.lock().unlock();
    }
  }

  @Override
  public void undelete(ContentId id) throws RepositoryException {
    Optional<IndexEntry> known = find(id);
    if (known.isEmpty()) {
      throw new NotFoundException("content " + id + " is not in the index");
    }
    if (known.get().deleted()) {
      rewrite(known.get(), false);
    }
  }

  @Override
  public void rewrite(ContentId id) throws RepositoryException {
    Optional<IndexEntry> known = find(id);
    if (known.isEmpty()) {
      throw new NotFoundException("content " + id + " is not in the index");
    }
    rewrite(known.get(), known.get().deleted());
  }

  private void rewrite(IndexEntry entry, boolean deleted) throws RepositoryException {
    checkUsable();
    StoredContents.Slice stored = reads.fetch(entry);
    contents.stored().plain(entry, stored); // damage must not be sealed anew
    byte[] raw = contents.stored().open(entry, stored);
    byte[] sealed = format.crypto().sealContent(entry.contentId(), raw, 0, raw.length);
    Placed content =
        new Placed(entry.contentId(), entry.originalLength(), entry.compressionHeaderId(), deleted);
    place(content, sealed, sealed.length);
    flushIfDue();
  }

  @Override
  public void adopt(List<IndexEntry> entries) throws RepositoryException {
    checkUsable();
    // Either slot keeps the generation from ending.
    metadataSlot.lock().lock();
    try {
      generation.add(entries);
      entries.forEach(entry ->
          pending.merge(
              entry.contentId(), entry, (old, more) -> more.supersedes(old) ? more : old));
    } finally {
      metadataSlot.lock().unlock();
    }
    flushIfDue();
  }

  // ---- publishing

  private void flushIfDue() throws RepositoryException {
    Instant dueAt = generation.start().plus(options.indexInterval());
    boolean due =
        pending.size() >= options.maxPendingEntries()
            || environment.clock().instant().isAfter(dueAt);
    if (due && flushing.tryLock()) {
      try {
        if (holds.tryAcquire(ALL_HOLDS)) {
          try {
            flushHeld();
          } finally {
            holds.release(ALL_HOLDS);
          }
        }
      } finally {
        flushing.unlock();
      }
    }
  }

  @Override
  public void flush() throws RepositoryException {
    checkUsable();
    flushing.lock();
    try {
      holds.acquire(ALL_HOLDS);
      try {
        flushHeld();
      } finally {
        holds.release(ALL_HOLDS);
      }
    } catch (InterruptedException e) {
      throw Faults.interrupted("flush", e);
    } finally {
      flushing.unlock();
    }
  }

  private void flushHeld() throws RepositoryException {
    checkUsable();
    try {
      Generation current = cut();
      current.awaitUploads();
      uploads.check();
      publish(current);
      current.removeMarker();
      ended.remove(current);
    } catch (RepositoryException e) {
      uploads.fail(e);
      throw e;
    } catch (RuntimeException e) {
      uploads.fail(new StoreException("flush: " + e, Retry.NEVER, e));
      throw e;
    }
  }

  /// Ends the generation and its open packs; what is written from now on belongs to the next.
  private Generation cut() throws RepositoryException {
    dataSlot.lock().lock();
    metadataSlot.lock().lock();
    try {
      Generation current = generation;
      ended.add(current);
      for (PackSlot slot : List.of(dataSlot, metadataSlot)) {
        if (slot.hasPack()) {
          sendPack(slot);
        } else {
          current.add(slot.entries());
          slot.clear();
        }
      }
      generation = newGeneration();
      return current;
    } finally {
      metadataSlot.lock().unlock();
      dataSlot.lock().unlock();
    }
  }

  private void publish(Generation current) throws RepositoryException {
    List<IndexEntry> entries = current.takeEntries();
    if (entries.isEmpty()) {
      return;
    }
    RepositoryFormat parameters = format.format();
    List<byte[]> shards =
        IndexBuilder.of(entries)
            .buildShards(parameters.indexVersion(), IndexBuilder.MAX_ENTRIES_PER_SHARD, null);
    contents.index().publish(shards, current.session());
    // By value: a later entry of the same id stays pending.
    entries.forEach(entry -> pending.remove(entry.contentId(), entry));
  }

  @Override
  public IndexHold holdIndex() throws RepositoryException {
    try {
      holds.acquire();
    } catch (InterruptedException e) {
      throw Faults.interrupted("hold index", e);
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        holds.release();
      }
    };
  }

  @Override
  public void close() throws RepositoryException {
    if (closed) {
      return;
    }
    closed = true;
    flushing.lock();
    try {
      ended.add(generation);
      for (Generation unfinished : ended) {
        unfinished.awaitUploads();
        unfinished.removeMarker();
      }
    } catch (RepositoryException e) {
      if (!uploads.hasFailed()) {
        throw e;
      }
    } finally {
      ended.clear();
      pending.clear();
      flushing.unlock();
    }
  }

  // ---- reading

  @Override
  public Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    return reads.find(id);
  }

  @Override
  public byte[] read(ContentId id) throws RepositoryException {
    return reads.read(id);
  }

  @Override
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    reads.forEach(range, visitor);
  }

  @Override
  public void refresh() throws RepositoryException {
    reads.refresh();
  }

  @Override
  public WriteStats stats() {
    return counters.snapshot(uploads.uploadedBytes());
  }
}
