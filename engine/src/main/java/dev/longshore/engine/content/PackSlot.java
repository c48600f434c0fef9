package dev.longshore.engine.content;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackBuilder;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;
import dev.longshore.format.seal.SealedLocalIndex;
import dev.longshore.format.session.SessionId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The open pack of one kind (`p` or `q`) of a session, and the tombstones that go along with it.
///
/// Not thread-safe: whoever calls holds [#lock()], which is the one owner of the pack.
final class PackSlot {
  private static final byte[] NO_ARRAY = new byte[0];

  private final String prefix;
  private final RepositoryFormat format;
  private final RepositoryCrypto crypto;
  private final SecureRandom random;
  private final PackBuilder builder;
  private final ReentrantLock lock = new ReentrantLock();
  private final int fullAt;

  private @Nullable BlobId open;
  private Map<ContentId, IndexEntry> items = new HashMap<>();

  /// The array of a pack that was sent, for the next; the other one is then being filled or sent.
  private final AtomicReference<byte @Nullable []> spare = new AtomicReference<>();

  /// @param formatCopy for the start of each pack; empty for none
  PackSlot(String prefix, ContentFormat format, byte[] formatCopy, SecureRandom random) {
    this.prefix = prefix;
    this.format = format.format();
    this.crypto = format.crypto();
    this.random = random;
    // A forged format must not make packs that cannot be addressed.
    this.fullAt = Math.min(format.format().maxPackSize(), RepositoryFormat.MAX_MAX_PACK_SIZE);
    this.builder = new PackBuilder(formatCopy, random, fullAt);
  }

  /// A pack ready for the store. Its array is to be given back when nobody looks at it any more.
  record Finished(BlobId id, ByteBuffer bytes, PackSlot slot) {
    @SuppressWarnings("ByteBufferBackingArray") // the builder wraps whole arrays
    void giveBack() {
      slot.spare.set(bytes.array());
    }
  }

  ReentrantLock lock() {
    return lock;
  }

  /// Places the first `sealedLength` bytes in the open pack, which is opened if need be.
  IndexEntry append(NewContent content, byte[] sealed, int sealedLength, SessionId session) {
    BlobId pack = open;
    if (pack == null) {
      pack = PackBuilder.newBlobId(prefix, random, session);
      byte[] array = spare.getAndSet(null);
      builder.reset(array == null ? NO_ARRAY : array);
      open = pack;
    }
    int offset = builder.append(sealed, 0, sealedLength);
    IndexEntry entry =
        new IndexEntry(
            content.id(),
            pack,
            offset,
            sealedLength,
            content.plainLength(),
            content.compressionHeaderId(),
            content.deleted(),
            content.timestampSeconds(),
            format.version(),
            0);
    items.put(entry.contentId(), entry);
    return entry;
  }

  /// Adds an entry whose bytes are elsewhere.
  void add(IndexEntry tombstone) {
    items.put(tombstone.contentId(), tombstone);
  }

  boolean isFull() {
    return open != null && builder.length() >= fullAt;
  }

  boolean hasPack() {
    return open != null;
  }

  /// A content's stored bytes, if its pack is the open one.
  Optional<byte[]> read(IndexEntry entry) {
    return entry.packBlobId().equals(open)
        ? Optional.of(builder.read(entry.packOffset(), entry.packedLength()))
        : Optional.empty();
  }

  /// The entries since the pack was opened.
  List<IndexEntry> entries() {
    return new ArrayList<>(items.values());
  }

  /// Ends the open pack. Its local index names all that came in since it was opened, tombstones
  /// too.
  Finished finish() {
    BlobId pack = open;
    if (pack == null) {
      throw new IllegalStateException("no open pack");
    }
    byte[] index = IndexBuilder.of(items.values()).build(format.indexVersion(), random);
    SealedLocalIndex sealed = crypto.sealLocalIndex(index);
    ByteBuffer bytes = builder.finish(sealed);
    clear();
    return new Finished(pack, bytes, this);
  }

  /// Forgets the entries, and the pack.
  void clear() {
    open = null;
    items = new HashMap<>();
  }
}
