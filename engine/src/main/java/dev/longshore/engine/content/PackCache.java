package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.cache.DiskCache;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Parts of packs of metadata in memory, so that walking directories does not cost a request each.
///
/// A pack is fetched in blocks of some megabytes when it is asked for a second time: one manifest
/// does not cost megabytes. With a cache on the local disk, at once. Bounded in bytes, the least
/// recently used blocks go first; a content longer than a block is not cached. Thread-safe.
final class PackCache {
  private static final int MIN_BLOCK = 4 << 10;
  private static final int MAX_BLOCK = 4 << 20;

  /// So many blocks must have room, that those of several walkers do not drive each other out.
  private static final int BLOCKS = 16;

  private static final int MAX_SEEN = 1024;
  private static final int STRIPES = 16;
  private static final long UNKNOWN = -1;

  private final BlobStore store;
  private final Optional<DiskCache> disk;
  private final long maxBytes;
  private final int blockBytes;
  private final LinkedHashMap<Key, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);

  /// The lengths of the packs that were asked for, once they are known.
  private final LinkedHashMap<BlobId, Long> seen = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /// One fetch of a block at a time, without holding up others.
  private final ReentrantLock[] fetching = new ReentrantLock[STRIPES];

  private record Key(BlobId pack, int block) {}

  /// @param disk where blocks are kept, too
  PackCache(BlobStore store, Optional<DiskCache> disk, long maxBytes) {
    this.store = store;
    this.disk = disk;
    this.maxBytes = maxBytes;
    this.blockBytes = Math.clamp(maxBytes / BLOCKS, MIN_BLOCK, MAX_BLOCK);
    for (int i = 0; i < STRIPES; i++) {
      fetching[i] = new ReentrantLock();
    }
  }

  /// A content's stored bytes in an array of their own; empty if they are to be fetched alone.
  Optional<byte[]> get(IndexEntry entry) throws RepositoryException {
    BlobId pack = entry.packBlobId();
    int length = entry.packedLength();
    // What stays on the disk pays for itself with the next process, if not with this one.
    boolean wanted = isSecondTime(pack) || disk.isPresent();
    if (length > blockBytes || !wanted) {
      return Optional.empty();
    }
    long packLength = packLength(pack);
    if (PackRun.end(entry) > packLength) {
      return Optional.empty();
    }
    byte[] found = new byte[length];
    int done = 0;
    while (done < length) {
      long at = (long) entry.packOffset() + done;
      byte[] block = block(new Key(pack, (int) (at / blockBytes)), packLength);
      int inBlock = (int) (at % blockBytes);
      int n = Math.min(length - done, block.length - inBlock);
      System.arraycopy(block, inBlock, found, done, n);
      done += n;
    }
    return Optional.of(found);
  }

  private byte[] block(Key key, long packLength) throws RepositoryException {
    byte[] known = lookUp(key);
    if (known != null) {
      return known;
    }
    ReentrantLock lock = fetching[Math.floorMod(key.hashCode(), STRIPES)];
    lock.lock();
    try {
      known = lookUp(key);
      if (known == null) {
        long start = (long) key.block * blockBytes;
        int length = (int) Math.min(blockBytes, packLength - start);
        known = fetch(key.pack, start, length, packLength);
        keep(key, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private byte[] fetch(BlobId pack, long start, int length, long packLength)
      throws RepositoryException {
    if (disk.isPresent()) {
      byte[] kept = new byte[length];
      if (disk.get().read(pack, start, ByteBuffer.wrap(kept))) {
        return kept;
      }
    }
    byte[] fetched = store.getRange(pack, start, length);
    if (fetched.length != length) {
      throw new DamagedException(
          "pack " + pack + ": expected " + length + " bytes, found " + fetched.length);
    }
    if (disk.isPresent()) {
      disk.get().keep(pack, start, ByteBuffer.wrap(fetched), packLength);
    }
    return fetched;
  }

  private synchronized byte @Nullable [] lookUp(Key key) {
    return blocks.get(key);
  }

  private synchronized boolean isSecondTime(BlobId pack) {
    if (seen.putIfAbsent(pack, UNKNOWN) != null) {
      return true;
    }
    if (seen.size() > MAX_SEEN) {
      Iterator<BlobId> eldest = seen.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return false;
  }

  /// The length of a pack in bytes; 0 if it is missing.
  private long packLength(BlobId pack) throws RepositoryException {
    synchronized (this) {
      long known = seen.getOrDefault(pack, UNKNOWN);
      if (known != UNKNOWN) {
        return known;
      }
    }
    OptionalLong kept = disk.isPresent() ? disk.get().length(pack) : OptionalLong.empty();
    long length =
        kept.isPresent()
            ? kept.getAsLong()
            : store.metadata(pack).map(BlobMetadata::lengthBytes).orElse(0L);
    synchronized (this) {
      seen.replace(pack, length);
    }
    return length;
  }

  /// Bytes kept at the moment.
  synchronized long keptBytes() {
    return bytes;
  }

  private synchronized void keep(Key key, byte[] block) {
    if (block.length > maxBytes || blocks.put(key, block) != null) {
      return;
    }
    bytes += block.length;
    Iterator<Map.Entry<Key, byte[]>> eldest = blocks.entrySet().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      bytes -= eldest.next().getValue().length;
      eldest.remove();
    }
  }
}
