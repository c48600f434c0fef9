package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
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
import dev.longshore.format.pack.PackBuilder;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Contents out of packs: fetches, opens, decompresses, and checks the hash. Thread-safe.
final class StoredContents {
  /// Bytes between two contents that are fetched along rather than ask twice.
  private static final int MAX_GAP = 256 << 10;

  /// The longest run of neighbours fetched at once, unless one content is longer.
  private static final int MAX_RUN = 8 << 20;

  private final BlobStore store;
  private final RepositoryCrypto crypto;
  private final PackCache cache;

  StoredContents(BlobStore store, RepositoryCrypto crypto, long cacheBytes) {
    this.store = store;
    this.crypto = crypto;
    this.cache = new PackCache(store, cacheBytes);
  }

  /// Stored bytes and where in them the content is.
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Slice(byte[] bytes, int offset, int length) {}

  /// Fetches the stored bytes of a content.
  Slice fetch(IndexEntry entry) throws RepositoryException {
    if (entry.packBlobId().startsWith(PackBuilder.METADATA_PREFIX)) {
      Optional<byte[]> pack = cache.get(entry.packBlobId());
      if (pack.isPresent()) {
        return sliceOf(pack.get(), entry);
      }
    }
    byte[] bytes = range(entry.packBlobId(), entry.packOffset(), entry.packedLength());
    return new Slice(bytes, 0, bytes.length);
  }

  private static Slice sliceOf(byte[] pack, IndexEntry entry) throws DamagedException {
    if ((long) entry.packOffset() + entry.packedLength() > pack.length) {
      throw new DamagedException(
          name(entry) + " lies behind the end of the pack, which has " + pack.length + " bytes");
    }
    return new Slice(pack, entry.packOffset(), entry.packedLength());
  }

  /// A range of a pack; a pack that is too short is damage, not a fault of the store.
  private byte[] range(BlobId pack, long offset, int length) throws RepositoryException {
    try {
      return store.getRange(pack, offset, length);
    } catch (NotFoundException e) {
      throw new NotFoundException("pack " + pack + ", which the index names, is missing", e);
    } catch (StoreException e) {
      Optional<BlobMetadata> found = store.metadata(pack);
      if (found.isPresent() && found.get().lengthBytes() < offset + length) {
        throw new DamagedException(
            "pack "
                + pack
                + " has "
                + found.get().lengthBytes()
                + " bytes, but a content ends at "
                + (offset + length),
            e);
      }
      throw e;
    }
  }

  /// Opens stored bytes; the result is compressed if the entry says so.
  byte[] open(IndexEntry entry, Slice stored) throws RepositoryException {
    if (entry.encryptionKeyId() != 0) {
      throw new UnsupportedException(
          name(entry)
              + ": sealed with key "
              + entry.encryptionKeyId()
              + " of the repository, of which this version knows only key 0");
    }
    try {
      return crypto.openContent(entry.contentId(), stored.bytes, stored.offset, stored.length);
    } catch (IOException e) {
      throw Faults.unreadable(name(entry), e);
    }
  }

  /// Opens and decompresses stored bytes and checks that they hash to the id.
  byte[] plain(IndexEntry entry, Slice stored) throws RepositoryException {
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
      throw new DamagedException(name(entry) + ": the bytes do not have the hash of the id");
    }
    return plain;
  }

  /// Reads contents of one pack, in the order of their offsets, one request for each run of
  /// neighbours.
  void readFromPack(BlobId pack, List<IndexEntry> entries, PackVisitor visitor)
      throws RepositoryException {
    List<IndexEntry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingInt(IndexEntry::packOffset));
    int at = 0;
    while (at < ordered.size()) {
      int end = endOfRun(ordered, at);
      readRun(pack, ordered.subList(at, end), visitor);
      at = end;
    }
  }

  private static int endOfRun(List<IndexEntry> ordered, int start) {
    long runStart = ordered.get(start).packOffset();
    long runEnd = runStart + ordered.get(start).packedLength();
    int end = start + 1;
    while (end < ordered.size()) {
      IndexEntry next = ordered.get(end);
      long nextEnd = Math.max(runEnd, (long) next.packOffset() + next.packedLength());
      if (next.packOffset() > runEnd + MAX_GAP || nextEnd - runStart > MAX_RUN) {
        break;
      }
      runEnd = nextEnd;
      end++;
    }
    return end;
  }

  private void readRun(BlobId pack, List<IndexEntry> run, PackVisitor visitor)
      throws RepositoryException {
    long start = run.getFirst().packOffset();
    long end = start;
    for (IndexEntry entry : run) {
      if (!entry.packBlobId().equals(pack)) {
        throw new IllegalArgumentException(entry.packBlobId() + " is not " + pack);
      }
      end = Math.max(end, (long) entry.packOffset() + entry.packedLength());
    }
    byte[] bytes;
    try {
      bytes = range(pack, start, Math.toIntExact(end - start));
    } catch (RepositoryException e) {
      if (run.size() == 1) {
        visitor.fault(run.getFirst(), e);
      } else {
        // A pack cut short still has its first contents: each for itself.
        for (IndexEntry entry : run) {
          readRun(pack, List.of(entry), visitor);
        }
      }
      return;
    }
    for (IndexEntry entry : run) {
      int offset = (int) (entry.packOffset() - start);
      byte[] plain;
      try {
        plain = plain(entry, new Slice(bytes, offset, entry.packedLength()));
      } catch (RepositoryException e) {
        visitor.fault(entry, e);
        continue;
      }
      visitor.content(entry, plain);
    }
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
