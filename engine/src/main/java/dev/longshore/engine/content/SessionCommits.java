package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final RepositoryFormat format;
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
      ContentWriteOptions options,
      PackUploads uploads,
      List<PackSlot> slots,
      Map<ContentId, IndexEntry> pending) {
    this.contents = contents;
    this.store = contents.store();
    this.format = contents.format();
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

  /// Hands the slot's pack to the uploads; waits, with the slot held, until they have room. So a
  /// slow store slows the writers down instead of filling the memory.
  void sendPack(PackSlot slot) throws RepositoryException {
    uploads.check();
    uploads.reserve();
    generation.add(slot.entries());
    uploads.start(generation, slot.finish());
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
    slots.forEach(slot -> slot.lock().lock());
    try {
      Generation current = generation;
      ended.add(current);
      for (PackSlot slot : slots) {
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
      slots.reversed().forEach(slot -> slot.lock().unlock());
    }
  }

  private void publish(Generation current) throws RepositoryException {
    List<IndexEntry> entries = current.takeEntries();
    if (entries.isEmpty()) {
      return;
    }
    List<byte[]> shards =
        IndexBuilder.of(entries)
            .buildShards(format.indexVersion(), IndexBuilder.MAX_ENTRIES_PER_SHARD, null);
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
      ended.clear();
      pending.clear();
      flushing.unlock();
    }
  }
}
