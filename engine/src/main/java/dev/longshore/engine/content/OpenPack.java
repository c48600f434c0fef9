package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.seal.SealedLocalIndex;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// A pack that is not published yet. It is in its draft, not in memory.
///
/// Small contents are gathered before they are written; a large one gets room, which its writer
/// fills while others go on. Where things are and who still writes is guarded by the lock of the
/// slot; reading back and closing may happen at any time.
final class OpenPack implements AutoCloseable {
  /// Longer contents are given room of their own.
  static final int SMALL_BYTES = 64 << 10;

  private static final int TAIL_BYTES = 256 << 10;

  private final BlobId id;
  private final Generation generation;
  private final PackLayout layout;
  private final BlobDraft draft;
  private final Map<ContentId, IndexEntry> entries;
  private int writers;
  private boolean ended;

  /// What was appended last and is not written yet; guarded by `this`, as is `closed`.
  private final ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES);

  private long tailAt;
  private boolean closed;

  /// @param entries tombstones that its local index is to name as well; taken over
  OpenPack(
      BlobId id,
      Generation generation,
      PackLayout layout,
      BlobDraft draft,
      Map<ContentId, IndexEntry> entries) {
    this.id = id;
    this.generation = generation;
    this.layout = layout;
    this.draft = draft;
    this.entries = entries;
    tail.put(layout.start());
  }

  BlobId id() {
    return id;
  }

  /// What it belongs to.
  Generation generation() {
    return generation;
  }

  int length() {
    return layout.length();
  }

  /// What its local index names.
  Map<ContentId, IndexEntry> entries() {
    return entries;
  }

  /// Appends a small content.
  ///
  /// @return its offset
  int append(ByteBuffer sealed) throws RepositoryException {
    int at = layout.reserve(sealed.remaining());
    gather(sealed);
    return at;
  }

  /// Finds room for a content, to be written by [#write] and then released.
  ///
  /// @return its offset
  int reserve(int sealedLength) throws RepositoryException {
    writeTail();
    int at = layout.reserve(sealedLength);
    synchronized (this) {
      tailAt = layout.length();
    }
    writers++;
    return at;
  }

  /// Fills room that was found; without a lock.
  void write(long offset, ByteBuffer piece) throws RepositoryException {
    draft.write(offset, piece);
  }

  /// Ends the writing of a content; true if the pack has ended and this was the last.
  boolean release() {
    writers--;
    return isReady();
  }

  /// Nothing is to be added any more; true if nobody writes.
  boolean end() {
    ended = true;
    return isReady();
  }

  private boolean isReady() {
    return ended && writers == 0;
  }

  /// A content's stored bytes, if it is in this pack and not yet in the store.
  synchronized Optional<byte[]> read(IndexEntry entry) throws RepositoryException {
    if (closed) {
      return Optional.empty();
    }
    writeTail();
    byte[] bytes = new byte[entry.packedLength()];
    draft.read(entry.packOffset(), ByteBuffer.wrap(bytes));
    return Optional.of(bytes);
  }

  /// Puts the pack in the store, with its local index.
  void publish(SealedLocalIndex localIndex) throws RepositoryException {
    gather(ByteBuffer.wrap(layout.end(localIndex)));
    writeTail();
    draft.publish(layout.length());
  }

  private synchronized void gather(ByteBuffer bytes) throws RepositoryException {
    int length = bytes.remaining();
    if (length > tail.remaining()) {
      writeTail();
    }
    if (length > tail.remaining()) {
      draft.write(tailAt, bytes);
      tailAt += length;
    } else {
      tail.put(bytes);
    }
  }

  private synchronized void writeTail() throws RepositoryException {
    int bytes = tail.position();
    draft.write(tailAt, tail.flip());
    tail.clear();
    tailAt += bytes;
  }

  /// Drops what was not published.
  @Override
  public synchronized void close() {
    closed = true;
    draft.close();
  }
}
