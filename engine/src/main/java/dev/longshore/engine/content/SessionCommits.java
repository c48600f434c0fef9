package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.FormatCopy;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.repository.RepositoryFormat;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// Makes what a session wrote durable and visible, one generation after the other. Thread-safe.
///
/// Locks, in the order in which they are taken: `flushing` (one flush at a time), the `p` slot, the
/// `q` slot. The generation changes only while both slots are held, so whoever holds one may use
/// it.
final class SessionCommits {
  private static final int ALL_HOLDS = 1 << 20;

  private final ContentStore contents;
  private final BlobStore store;
  private final ContentFormat format;
  private final byte[] formatCopy;
  private final int fullAt;
  private final ContentWriteOptions options;
  private final PackUploads uploads;
  private final List<PackSlot> slots;

  /// Entries not yet published, by id.
  private final Map<ContentId, IndexEntry> pending;

  private final ReentrantLock flushing = new ReentrantLock();

  /// A hold takes one, a flush takes all.
  private final Semaphore holds = new Semaphore(ALL_HOLDS, true);

  /// Being flushed, or failed to be; guarded by `flushing`.
  private final List<Generation> ended = new ArrayList<>();

  private volatile Generation generation;

  /// @param slots in the order in which they are locked
  /// @param pending the session's entries that are not published; a concurrent map
  SessionCommits(
      ContentStore contents,
      ContentFormat format,
      ContentWriteOptions options,
      PackUploads uploads,
      List<PackSlot> slots,
      Map<ContentId, IndexEntry> pending) {
    this.contents = contents;
    this.store = contents.store();
    this.format = format;
    this.formatCopy =
        format.format().enablePasswordChange()
            ? new byte[0]
            : FormatCopy.encode(format.formatBlob());
    // A forged format must not make packs that cannot be addressed.
    this.fullAt = Math.min(format.format().maxPackSize(), RepositoryFormat.MAX_MAX_PACK_SIZE);
    this.options = options;
    this.uploads = uploads;
    this.slots = slots;
    this.pending = pending;
    this.generation = newGeneration();
  }

  private Generation newGeneration() {
    return new Generation(store, contents.blobs(), contents.client(), contents.environment());
  }

  /// The generation that is written to; to be used with a slot held.
  Generation generation() {
    return generation;
  }

  /// The slot's pack, opened if need be; with the slot held.
  OpenPack openPack(PackSlot slot) throws RepositoryException {
    OpenPack pack = slot.open();
    if (pack == null) {
      SecureRandom random = contents.environment().random();
      BlobId id = PackLayout.newBlobId(slot.prefix(), random, generation.session());
      BlobDraft draft = store.draft(id, fullAt + fullAt / 8, format.putOptions(id));
      PackLayout layout = new PackLayout(formatCopy, random);
      pack = new OpenPack(id, generation, layout, draft, slot.tombstones());
      slot.open(pack);
      uploads.add(pack);
    }
    return pack;
  }

  /// Takes the slot's pack away if it is full; with the slot held.
  ///
  /// @return the pack if it is now to be sent; otherwise its last writer does that
  Optional<OpenPack> takeFull(PackSlot slot) {
    OpenPack pack = slot.open();
    return pack == null || pack.length() < fullAt ? Optional.empty() : take(slot);
  }

  private static Optional<OpenPack> take(PackSlot slot) {
    Optional<OpenPack> taken = slot.take();
    taken.ifPresent(pack -> pack.generation().uploadBegins());
    return taken.filter(OpenPack::end);
  }

  /// Sends a pack that nobody writes to any more; without a lock, as it may wait.
  void send(OpenPack pack) throws RepositoryException {
    pack.generation().add(pack.entries().values());
    uploads.send(pack);
  }

  /// Publishes on the way, if much is pending or the last time is long ago, unless somebody else
  /// does or holds it up.
  void flushIfDue() throws RepositoryException {
    Instant dueAt = generation.start().plus(options.indexInterval());
    boolean due =
        pending.size() >= options.maxPendingEntries()
            || contents.environment().clock().instant().isAfter(dueAt);
    if (due && flushing.tryLock()) {
      try {
        if (holds.tryAcquire(ALL_HOLDS)) {
          flushAndRelease();
        }
      } finally {
        flushing.unlock();
      }
    }
  }

  /// Publishes all that was written before the call.
  void flush() throws RepositoryException {
    flushing.lock();
    try {
      holds.acquire(ALL_HOLDS);
      flushAndRelease();
    } catch (InterruptedException e) {
      throw Faults.interrupted("flush", e);
    } finally {
      flushing.unlock();
    }
  }

  private void flushAndRelease() throws RepositoryException {
    try {
      uploads.check();
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
    } finally {
      holds.release(ALL_HOLDS);
    }
  }

  /// Ends the generation and its open packs; what is written from now on belongs to the next.
  private Generation cut() throws RepositoryException {
    Generation current;
    List<OpenPack> ready = new ArrayList<>();
    slots.forEach(slot -> slot.lock().lock());
    try {
      current = generation;
      ended.add(current);
      for (PackSlot slot : slots) {
        take(slot).ifPresent(ready::add);
        current.add(slot.takeTombstones());
      }
      generation = newGeneration();
    } finally {
      slots.reversed().forEach(slot -> slot.lock().unlock());
    }
    sendAll(ready);
    return current;
  }

  /// Each is sent or dropped, so that nobody waits for it.
  private void sendAll(List<OpenPack> ready) throws RepositoryException {
    int sent = 0;
    try {
      while (sent < ready.size()) {
        sent++;
        send(ready.get(sent - 1));
      }
    } finally {
      ready.subList(sent, ready.size()).forEach(uploads::drop);
    }
  }

  private void publish(Generation current) throws RepositoryException {
    List<IndexEntry> entries = current.takeEntries();
    if (entries.isEmpty()) {
      return;
    }
    List<byte[]> shards =
        IndexBuilder.of(entries)
            .buildShards(format.format().indexVersion(), IndexBuilder.MAX_ENTRIES_PER_SHARD, null);
    contents.index().publish(shards, current.session());
    // By value: a later entry of the same id stays pending.
    entries.forEach(entry -> pending.remove(entry.contentId(), entry));
  }

  /// See [ContentSession#holdIndex()].
  ContentSession.IndexHold hold() throws RepositoryException {
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

  /// Waits for uploads and removes the markers of what was not flushed.
  void giveUp() throws RepositoryException {
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
      uploads.dropOpen();
      ended.clear();
      pending.clear();
      flushing.unlock();
    }
  }
}
