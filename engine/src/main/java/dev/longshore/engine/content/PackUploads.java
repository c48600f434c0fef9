package dev.longshore.engine.content;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.seal.RepositoryCrypto;
import dev.longshore.format.seal.SealedLocalIndex;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The packs of a session until they are in the store; published a limited number at once, each on
/// a virtual thread. The first failure stays. Thread-safe.
final class PackUploads {
  private final ContentFormat format;
  private final SecureRandom random;
  private final Semaphore permits;
  private final Map<BlobId, OpenPack> unpublished = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable RepositoryException> failure = new AtomicReference<>();
  private final LongAdder bytes = new LongAdder();

  PackUploads(ContentFormat format, SecureRandom random, int parallel) {
    this.format = format;
    this.random = random;
    this.permits = new Semaphore(parallel);
  }

  /// Takes note of a pack that is opened; it can be read from now on.
  void add(OpenPack pack) {
    unpublished.put(pack.id(), pack);
  }

  /// Publishes a pack that nobody writes to any more, after the marker of its session; waits for a
  /// free place. So a slow store slows the writers down.
  void send(OpenPack pack) throws RepositoryException {
    try {
      check();
      SealedLocalIndex localIndex = localIndex(pack);
      permits.acquire();
      Thread.startVirtualThread(() -> upload(pack, localIndex));
    } catch (InterruptedException e) {
      drop(pack);
      throw Faults.interrupted("wait for uploads", e);
    } catch (RepositoryException | RuntimeException | Error e) {
      drop(pack);
      throw e;
    }
  }

  private SealedLocalIndex localIndex(OpenPack pack) {
    RepositoryCrypto crypto = format.crypto();
    int version = format.format().indexVersion();
    return crypto.sealLocalIndex(IndexBuilder.of(pack.entries().values()).build(version, random));
  }

  private void upload(OpenPack pack, SealedLocalIndex localIndex) {
    try {
      check();
      pack.generation().ensureMarker();
      pack.publish(localIndex);
      bytes.add(pack.length());
    } catch (RepositoryException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new StoreException("put " + pack.id() + ": " + e, Retry.NEVER, e));
    } finally {
      permits.release();
      drop(pack);
    }
  }

  /// Lets go of a pack that was announced to its generation.
  void drop(OpenPack pack) {
    unpublished.remove(pack.id());
    pack.close();
    pack.generation().uploadEnds();
  }

  /// Drops the packs that were never sent.
  void dropOpen() {
    unpublished.values().forEach(OpenPack::close);
    unpublished.clear();
  }

  /// A content's stored bytes, if its pack is not yet in the store.
  Optional<byte[]> read(IndexEntry entry) throws RepositoryException {
    OpenPack pack = unpublished.get(entry.packBlobId());
    return pack == null ? Optional.empty() : pack.read(entry);
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
          "the write session has failed: " + first.getMessage(), Retry.NEVER, first);
    }
  }

  long uploadedBytes() {
    return bytes.sum();
  }
}
