package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexEntry;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Packs on their way to the store, a limited number at once, each on a virtual thread. The first
/// failure stays. Thread-safe.
final class PackUploads {
  private final BlobStore store;
  private final ContentFormat format;
  private final Semaphore permits;
  private final Map<BlobId, ByteBuffer> underWay = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable RepositoryException> failure = new AtomicReference<>();
  private final LongAdder bytes = new LongAdder();

  PackUploads(BlobStore store, ContentFormat format, int parallel) {
    this.store = store;
    this.format = format;
    this.permits = new Semaphore(parallel);
  }

  /// Waits for a free place; [#start] uses it.
  void reserve() throws RepositoryException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      throw Faults.interrupted("wait for uploads", e);
    }
  }

  /// Sends a pack to the store, after the marker of its session.
  void start(Generation generation, PackSlot.Finished pack) {
    underWay.put(pack.id(), pack.bytes());
    generation.uploadBegins();
    Thread.startVirtualThread(() -> upload(generation, pack));
  }

  private void upload(Generation generation, PackSlot.Finished pack) {
    try {
      check();
      generation.ensureMarker();
      store.put(pack.id(), pack.bytes().duplicate(), format.putOptions(pack.id()));
      bytes.add(pack.bytes().remaining());
    } catch (RepositoryException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new StoreException("put " + pack.id() + ": " + e, Retry.NEVER, e));
    } finally {
      permits.release();
      underWay.remove(pack.id());
      pack.giveBack();
      generation.uploadEnds();
    }
  }

  /// A content's stored bytes, if its pack is under way.
  Optional<byte[]> read(IndexEntry entry) {
    byte[][] stored = new byte[1][];
    // The pack cannot end, and its array be used again, while it is copied from.
    underWay.computeIfPresent(
        entry.packBlobId(),
        (_, pack) -> {
          stored[0] = new byte[entry.packedLength()];
          pack.get(entry.packOffset(), stored[0]);
          return pack;
        });
    return Optional.ofNullable(stored[0]);
  }

  /// Notes a failure that ends the session.
  void fail(RepositoryException fault) {
    failure.compareAndSet(null, fault);
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  /// Fails if anything has failed before. The fault is wrapped, so that each caller has its own
  /// trace.
  void check() throws RepositoryException {
    RepositoryException first = failure.get();
    if (first != null) {
      throw new StoreException(
          "the write session has failed before: " + first.getMessage(), Retry.NEVER, first);
    }
  }

  long uploadedBytes() {
    return bytes.sum();
  }
}
