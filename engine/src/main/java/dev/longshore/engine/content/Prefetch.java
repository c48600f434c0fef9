package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.cache.DiskCache;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Fetches into the client's cache what will be read later. What the cache has no room for is
/// fetched in vain. Thread-safe.
///
/// Source of the rules: kopia 4ebb2be6c `repo/content/content_prefetch.go`.
public final class Prefetch {
  /// What is fetched for some contents of a pack.
  public enum Hint {
    /// The whole pack, if several contents of it are wanted that are large together.
    DEFAULT,
    /// The contents.
    CONTENTS,
    /// The whole pack.
    BLOBS,
    /// Nothing.
    NONE
  }

  private static final int WHOLE_COUNT = 2;
  private static final long WHOLE_BYTES = 5_000_000;
  private static final int MAX_PIECE = 4 << 20;
  private static final int MIN_PIECE = 64 << 10;
  private static final int MAX_BATCH = 50_000;

  private final BlobStore store;
  private final StoredContents stored;
  private final ClientCaches caches;
  private final ContentReader reader;

  Prefetch(BlobStore store, StoredContents stored, ClientCaches caches, ContentReader reader) {
    this.store = store;
    this.stored = stored;
    this.caches = caches;
    this.reader = reader;
  }

  /// Tells whether anything fetched is kept: there is a cache, and the store is not on this
  /// machine.
  public boolean isKept() {
    return caches.contents().isPresent() || caches.metadata().isPresent();
  }

  /// Fetches contents.
  ///
  /// @param parallel requests at once
  /// @return how many of the contents the index knows
  public long contents(Collection<ContentId> ids, Hint hint, int parallel)
      throws RepositoryException {
    long known = 0;
    List<IndexEntry> batch = new ArrayList<>();
    for (ContentId id : ids) {
      reader.find(id).ifPresent(batch::add);
      if (batch.size() == MAX_BATCH) {
        known += batch.size();
        fetch(batch, hint, parallel);
        batch.clear();
      }
    }
    fetch(batch, hint, parallel);
    return known + batch.size();
  }

  private void fetch(List<IndexEntry> entries, Hint hint, int parallel) throws RepositoryException {
    if (hint == Hint.NONE) {
      return;
    }
    Map<BlobId, List<IndexEntry>> byPack = new TreeMap<>();
    for (IndexEntry entry : entries) {
      byPack.computeIfAbsent(entry.packBlobId(), pack -> new ArrayList<>()).add(entry);
    }
    int piece = pieceBytes(parallel);
    try (Scope scope = new Scope("prefetch", parallel)) {
      for (Map.Entry<BlobId, List<IndexEntry>> pack : byPack.entrySet()) {
        if (caches.ofPack(pack.getKey()).isEmpty()) {
          continue;
        }
        if (isWhole(pack.getValue(), hint)) {
          scope.fork(() -> pack(pack.getKey(), piece));
        } else {
          for (PackRun run : PackRun.plan(pack.getValue(), piece)) {
            scope.fork(() -> run(run));
          }
        }
      }
      scope.join();
    }
  }

  private static boolean isWhole(List<IndexEntry> wanted, Hint hint) {
    return switch (hint) {
      case BLOBS -> true;
      case CONTENTS, NONE -> false;
      case DEFAULT ->
          wanted.size() >= WHOLE_COUNT
              && wanted.stream().mapToLong(IndexEntry::packedLength).sum() >= WHOLE_BYTES;
    };
  }

  private void run(PackRun run) throws RepositoryException {
    List<IndexEntry> entries = run.entries();
    int start = 0;
    for (int end = 1; end <= entries.size(); end++) {
      if (end == entries.size() || !PackRun.isNear(entries.get(end - 1), entries.get(end))) {
        IndexEntry first = entries.get(start);
        int length = (int) (PackRun.end(entries.get(end - 1)) - first.packOffset());
        stored.prefetch(run.pack(), first.packOffset(), length);
        start = end;
      }
    }
  }

  /// Fetches all packs of metadata, so that no walk over directories has to wait for the store.
  ///
  /// @param parallel requests at once
  /// @return how many packs there are
  public long metadata(int parallel) throws RepositoryException {
    if (caches.metadata().isEmpty()) {
      return 0;
    }
    DiskCache disk = caches.metadata().get();
    int piece = pieceBytes(parallel);
    long[] count = {0};
    try (Scope scope = new Scope("fetch metadata", parallel)) {
      store.list(
          PackLayout.METADATA_PREFIX,
          pack -> {
            count[0]++;
            scope.fork(() -> pack(disk, pack, piece));
          });
      scope.join();
    }
    return count[0];
  }

  private static int pieceBytes(int parallel) {
    long each = MemoryBudget.ofProcess().transferBytes() / Math.max(1, parallel);
    return Math.clamp(each, MIN_PIECE, MAX_PIECE);
  }

  private void pack(BlobId pack, int piece) throws RepositoryException {
    DiskCache disk = caches.ofPack(pack).orElseThrow();
    var found = store.metadata(pack);
    if (found.isPresent()) {
      pack(disk, found.get(), piece);
    }
  }

  private void pack(DiskCache disk, BlobMetadata pack, int piece) throws RepositoryException {
    long length = pack.lengthBytes();
    for (long at = 0; at < length; at += piece) {
      int bytes = (int) Math.min(piece, length - at);
      if (!disk.has(pack.id(), at, bytes)) {
        disk.keep(pack.id(), at, ByteBuffer.wrap(store.getRange(pack.id(), at, bytes)), length);
      }
    }
  }
}
