package dev.longshore.engine.content;

import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.hash.HashJob;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One reading of a run in one array: the stored bytes of all its contents one behind the other,
/// where each is opened in place, and behind them the plain bytes of those that are compressed.
///
/// A hash that is at its best with several contents side by side gets all of the run at once;
/// otherwise each content is done with while it is in the processor's cache. One thread's.
final class RunReader {
  private final StoredContents stored;
  private final RepositoryCrypto crypto;
  private final List<IndexEntry> entries;
  private final byte[] space;

  /// Where each content's stored bytes are; -1 if they could not be fetched.
  private final int[] places;

  private int plainAt;
  private boolean pastCache;

  /// @param space at least as long as the run says
  RunReader(StoredContents stored, PackRun run, byte[] space) {
    this.stored = stored;
    this.crypto = stored.crypto();
    this.entries = run.entries();
    this.space = space;
    this.places = new int[entries.size()];
  }

  void read(ContentCheck check, PackVisitor visitor) throws RepositoryException {
    fetchAll(visitor);
    if (check == ContentCheck.HASHED && crypto.hasher().batchSize() > 1 && entries.size() > 1) {
      readTogether(visitor);
    } else {
      readSingly(check, visitor);
    }
  }

  /// Hands over what was sealed: compressed, if the entry says so.
  ///
  /// Past the local disk: whoever rewrites contents reads all of them once.
  void readRaw(PackVisitor visitor) throws RepositoryException {
    pastCache = true;
    fetchAll(visitor);
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0) {
        continue;
      }
      ByteSpan raw;
      try {
        raw = open(entries.get(i), places[i], visitor);
      } catch (RepositoryException e) {
        visitor.fault(entries.get(i), e);
        continue;
      }
      visitor.content(entries.get(i), raw);
    }
  }

  private void fetchAll(PackVisitor visitor) throws RepositoryException {
    int start = 0;
    while (start < entries.size()) {
      int end = start + 1;
      while (end < entries.size() && PackRun.isNear(entries.get(end - 1), entries.get(end))) {
        end++;
      }
      fetch(start, end, visitor);
      start = end;
    }
  }

  /// Fetches near neighbours with one request.
  private void fetch(int start, int end, PackVisitor visitor) throws RepositoryException {
    IndexEntry first = entries.get(start);
    int length = (int) (PackRun.end(entries.get(end - 1)) - first.packOffset());
    for (int i = start; i < end; i++) {
      places[i] = plainAt + entries.get(i).packOffset() - first.packOffset();
    }
    try {
      fill(first, ByteBuffer.wrap(space, plainAt, length));
    } catch (RepositoryException e) {
      if (end - start == 1) {
        places[start] = -1;
        visitor.fault(first, e);
      } else {
        // A pack cut short still has its first contents: each for itself.
        fetchSingly(start, end, visitor);
      }
    }
    plainAt += length;
  }

  private void fill(IndexEntry first, ByteBuffer into) throws RepositoryException {
    if (pastCache) {
      stored.fillFromStore(first.packBlobId(), first.packOffset(), into);
    } else {
      stored.fill(first.packBlobId(), first.packOffset(), into);
    }
  }

  private void fetchSingly(int start, int end, PackVisitor visitor) throws RepositoryException {
    for (int i = start; i < end; i++) {
      IndexEntry entry = entries.get(i);
      ByteBuffer into = ByteBuffer.wrap(space, places[i], entry.packedLength());
      try {
        fill(entry, into);
      } catch (RepositoryException e) {
        places[i] = -1;
        visitor.fault(entry, e);
      }
    }
  }

  private void readSingly(ContentCheck check, PackVisitor visitor) throws RepositoryException {
    for (int i = 0; i < places.length; i++) {
      IndexEntry entry = entries.get(i);
      if (places[i] < 0) {
        continue;
      }
      ByteSpan plain;
      try {
        plain = plain(entry, places[i], visitor);
        if (check == ContentCheck.HASHED) {
          requireHash(entry, plain);
        }
      } catch (RepositoryException e) {
        visitor.fault(entry, e);
        continue;
      }
      visitor.content(entry, plain);
    }
  }

  private void requireHash(IndexEntry entry, ByteSpan plain) throws RepositoryException {
    ContentId id = entry.contentId();
    if (!crypto.contentId(id.prefix(), plain.bytes(), plain.offset(), plain.length()).equals(id)) {
      throw StoredContents.otherHash(entry);
    }
  }

  private void readTogether(PackVisitor visitor) throws RepositoryException {
    int size = crypto.hasher().sizeBytes();
    byte[] hashes = new byte[places.length * size];
    List<HashJob> jobs = new ArrayList<>(places.length);
    List<IndexEntry> opened = new ArrayList<>(places.length);
    for (int i = 0; i < places.length; i++) {
      IndexEntry entry = entries.get(i);
      if (places[i] < 0) {
        continue;
      }
      try {
        ByteSpan plain = plain(entry, places[i], visitor);
        jobs.add(
            new HashJob(plain.bytes(), plain.offset(), plain.length(), hashes, jobs.size() * size));
        opened.add(entry);
      } catch (RepositoryException e) {
        visitor.fault(entry, e);
      }
    }
    crypto.hasher().hashAll(jobs);
    for (int i = 0; i < opened.size(); i++) {
      IndexEntry entry = opened.get(i);
      HashJob job = jobs.get(i);
      byte[] hash = Arrays.copyOfRange(hashes, i * size, (i + 1) * size);
      if (ContentId.of(entry.contentId().prefix(), hash).equals(entry.contentId())) {
        visitor.content(entry, new ByteSpan(job.data(), job.offset(), job.length()));
      } else {
        visitor.fault(entry, StoredContents.otherHash(entry));
      }
    }
  }

  /// Opens a content where it is.
  private ByteSpan open(IndexEntry entry, int place, PackVisitor visitor)
      throws RepositoryException {
    StoredContents.checkKey(entry);
    try {
      int length =
          crypto.openContentInPlace(
              entry.contentId(), space, place, entry.packedLength(), _ -> visitor.mended(entry));
      return new ByteSpan(space, place + ContentCipher.NONCE_BYTES, length);
    } catch (IOException e) {
      stored.forget(entry);
      throw Faults.unreadable(StoredContents.name(entry), e);
    }
  }

  /// Opens a content, and decompresses it to the next free place.
  private ByteSpan plain(IndexEntry entry, int place, PackVisitor visitor)
      throws RepositoryException {
    ByteSpan raw = open(entry, place, visitor);
    int header = entry.compressionHeaderId();
    if (header == 0) {
      return raw;
    }
    try {
      int from = raw.offset();
      int length = raw.length();
      int room = PackRun.plainSpace(entry);
      if (room < entry.originalLength()) {
        return ByteSpan.of(
            CompressedPayload.decompress(space, from, length, header, entry.originalLength()));
      }
      int to = plainAt;
      plainAt += room;
      CompressedPayload.decompress(space, from, length, header, space, to, room);
      return new ByteSpan(space, to, room);
    } catch (IOException e) {
      throw Faults.unreadable(StoredContents.name(entry), e);
    }
  }
}
