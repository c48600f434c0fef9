package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Whole packs of metadata in memory, so that walking directories does not cost a request each.
///
/// A pack is fetched whole when it is asked for a second time: one manifest does not cost twenty
/// megabytes. Bounded in bytes, the least recently used go first; packs larger than half the bound
/// are not kept. Thread-safe.
final class PackCache {
  private static final int MAX_SEEN = 1024;
  private static final int STRIPES = 16;

  private final BlobStore store;
  private final long maxBytes;
  private final LinkedHashMap<BlobId, byte[]> packs = new LinkedHashMap<>(16, 0.75f, true);
  private final LinkedHashMap<BlobId, Boolean> seen = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /// One fetch of a pack at a time, without holding up others.
  private final ReentrantLock[] fetching = new ReentrantLock[STRIPES];

  PackCache(BlobStore store, long maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
    for (int i = 0; i < STRIPES; i++) {
      fetching[i] = new ReentrantLock();
    }
  }

  /// The pack's bytes, not to be changed; empty if this is the first time, or it is too large.
  Optional<byte[]> get(BlobId pack) throws RepositoryException {
    Optional<byte[]> known = lookUp(pack);
    if (known.isPresent() || !isSecondTime(pack)) {
      return known;
    }
    ReentrantLock lock = fetching[Math.floorMod(pack.hashCode(), STRIPES)];
    lock.lock();
    try {
      known = lookUp(pack);
      if (known.isPresent()) {
        return known;
      }
      Optional<BlobMetadata> metadata = store.metadata(pack);
      if (metadata.isEmpty() || metadata.get().lengthBytes() > maxBytes / 2) {
        return Optional.empty();
      }
      byte[] whole = store.get(pack);
      keep(pack, whole);
      return Optional.of(whole);
    } finally {
      lock.unlock();
    }
  }

  private synchronized Optional<byte[]> lookUp(BlobId pack) {
    return Optional.ofNullable(packs.get(pack));
  }

  private synchronized boolean isSecondTime(BlobId pack) {
    if (seen.put(pack, Boolean.TRUE) != null) {
      return true;
    }
    if (seen.size() > MAX_SEEN) {
      Iterator<BlobId> eldest = seen.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return false;
  }

  private synchronized void keep(BlobId pack, byte[] whole) {
    if (whole.length > maxBytes / 2 || packs.put(pack, whole) != null) {
      return;
    }
    bytes += whole.length;
    Iterator<Map.Entry<BlobId, byte[]>> eldest = packs.entrySet().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      bytes -= eldest.next().getValue().length;
      eldest.remove();
    }
  }
}
