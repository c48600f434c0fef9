package dev.longshore.engine.verify;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The packs that a store lists, with their lengths: some 120 bytes of memory each.
final class PackLengths {
  private final BlobStore store;
  private final Map<BlobId, Long> lengths = new HashMap<>();
  private final Map<BlobId, Long> writtenSince = new ConcurrentHashMap<>();
  private final Set<BlobId> missing = ConcurrentHashMap.newKeySet();
  private long listed;

  /// Lists a store.
  PackLengths(BlobStore store) throws RepositoryException {
    this.store = store;
    store.list(
        "",
        blob -> {
          listed++;
          if (blob.id().startsWith("p") || blob.id().startsWith("q")) {
            lengths.put(blob.id(), blob.lengthBytes());
          }
        });
  }

  /// Blobs of any kind that were listed.
  long listed() {
    return listed;
  }

  /// The length of a pack, also of one that another client wrote after the list was made; null if
  /// there is no such pack.
  private @Nullable Long length(BlobId pack) throws RepositoryException {
    Long length = lengths.get(pack);
    if (length == null) {
      length = writtenSince.get(pack);
    }
    if (length == null && !missing.contains(pack)) {
      length = store.metadata(pack).map(BlobMetadata::lengthBytes).orElse(null);
      if (length == null) {
        missing.add(pack);
      } else {
        writtenSince.put(pack, length);
      }
    }
    return length;
  }

  /// Checks that a content's pack is there, and long enough for it.
  void check(IndexEntry entry) throws RepositoryException {
    Long length = length(entry.packBlobId());
    if (length == null) {
      throw new NotFoundException(
          "content " + entry.contentId() + ": its pack " + entry.packBlobId() + " is missing");
    }
    long end = (long) entry.packOffset() + entry.packedLength();
    if (end > length) {
      throw new DamagedException(
          "content %s: expected it up to byte %d of pack %s, which has %d"
              .formatted(entry.contentId(), end, entry.packBlobId(), length));
    }
  }
}
