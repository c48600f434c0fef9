package dev.longshore.format.index;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/// The entries of one plain index blob, version 1 or 2, read in place.
///
/// [#open] checks everything once: sizes, counts, offsets, names, the order of the ids. After it no
/// method throws on account of the bytes. Entries are addressed by position, in the order of their
/// ids; the position methods allocate nothing. Thread-safe. The bytes belong to the reader and must
/// not change.
public final class IndexReader implements Iterable<IndexEntry> {
  private final IndexLayout layout;

  private IndexReader(IndexLayout layout) {
    this.layout = layout;
  }

  /// Opens an index in an array.
  ///
  /// @throws FormatException if the bytes are not an index of version 1 or 2
  public static IndexReader open(byte[] index) throws FormatException {
    return open(MemorySegment.ofArray(index));
  }

  /// Opens an index in a heap or mapped segment, which must outlive the reader.
  ///
  /// @throws FormatException if the bytes are not an index of version 1 or 2
  public static IndexReader open(MemorySegment index) throws FormatException {
    int version = index.byteSize() == 0 ? 0 : index.get(IndexLayout.BYTE, 0) & 0xff;
    int headerLength =
        switch (version) {
          case 1 -> IndexLayoutV1.HEADER_LENGTH;
          case 2 -> IndexLayoutV2.HEADER_LENGTH;
          default -> 1;
        };
    if (index.byteSize() < headerLength) {
      throw new CorruptException(
          "index", 0, "expected " + headerLength + " bytes at least, found " + index.byteSize());
    }
    IndexLayout layout =
        switch (version) {
          case 1 -> new IndexLayoutV1(index);
          case 2 -> new IndexLayoutV2(index);
          default -> throw new UnsupportedFormatException("index version", "" + version, "1, 2");
        };
    layout.checkKeys();
    return new IndexReader(layout);
  }

  /// 1 or 2.
  public int version() {
    return layout.version();
  }

  /// The number of entries.
  public int size() {
    return layout.size;
  }

  /// The position of the id's entry, or -1.
  public int indexOf(ContentId id) {
    if (id.keyLength() != layout.keyLength) {
      return -1;
    }
    int position = lowerBound(id);
    return position < layout.size && compare(id, position) == 0 ? position : -1;
  }

  /// The id's entry.
  public Optional<IndexEntry> find(ContentId id) {
    int position = indexOf(id);
    return position < 0 ? Optional.empty() : Optional.of(entry(position));
  }

  /// The entry at a position.
  public IndexEntry entry(int position) {
    return new IndexEntry(
        contentId(position),
        packBlobId(position),
        packOffset(position),
        packedLength(position),
        originalLength(position),
        compressionHeaderId(position),
        isDeleted(position),
        timestampSeconds(position),
        layout.formatVersion(position),
        layout.encryptionKeyId(position));
  }

  /// Fills a row with the entry at a position; its pack has the number that [#pack] knows.
  ///
  /// @param row for ids of [#keyLength]
  public void read(int position, IndexRow row) {
    Objects.checkIndex(position, layout.size);
    long key = layout.keyOffset(position);
    MemorySegment.copy(layout.bytes, IndexLayout.BYTE, key, row.key, 0, layout.keyLength);
    row.timestampSeconds = layout.timestampSeconds(position);
    row.packOffset = layout.packOffset(position);
    row.deleted = layout.isDeleted(position);
    row.packedLength = layout.packedLength(position);
    row.originalLength = layout.originalLength(position);
    row.compressionHeaderId = layout.compressionHeaderId(position);
    row.formatVersion = layout.formatVersion(position);
    row.encryptionKeyId = layout.encryptionKeyId(position);
    row.pack = layout.packNumber(position);
  }

  /// The length of the ids' binary form; meaningless without entries.
  public int keyLength() {
    return layout.keyLength;
  }

  /// The number of packs, which have the numbers below it.
  public int packCount() {
    return layout.packs().length;
  }

  /// The name of a pack.
  public BlobId pack(int number) {
    return layout.packs()[number];
  }

  /// The id at a position.
  public ContentId contentId(int position) {
    Objects.checkIndex(position, layout.size);
    return layout.contentId(position);
  }

  /// The pack of the entry at a position; the same object for the same pack.
  public BlobId packBlobId(int position) {
    return layout.packBlobId(position);
  }

  /// The offset in the pack of the entry at a position.
  public int packOffset(int position) {
    return layout.packOffset(position);
  }

  /// The stored length of the entry at a position.
  public int packedLength(int position) {
    return layout.packedLength(position);
  }

  /// The plain length of the entry at a position.
  public int originalLength(int position) {
    return layout.originalLength(position);
  }

  /// The compression header id of the entry at a position.
  public int compressionHeaderId(int position) {
    return layout.compressionHeaderId(position);
  }

  /// Tells whether the entry at a position is a tombstone.
  public boolean isDeleted(int position) {
    return layout.isDeleted(position);
  }

  /// The time of the entry at a position, Unix seconds.
  public long timestampSeconds(int position) {
    return layout.timestampSeconds(position);
  }

  /// The position of the first entry whose id is not below `id`; [#size] if there is none.
  public int lowerBound(ContentId id) {
    int low = layout.prefixStart(id.prefix());
    int high = layout.prefixStart((char) (id.prefix() + 1));
    if (low == high) {
      return low;
    }
    // Hashes are spread evenly: the first probe lands within about sqrt(n) of the place, and the
    // steps away from it double, so that clustered keys cost no more than a binary search does.
    int guess = low + (int) Math.unsignedMultiplyHigh(id.hashHead(), high - low);
    long step = 8 + (long) Math.sqrt(high - low);
    if (compare(id, guess) > 0) {
      low = guess + 1;
      for (; high - low > step; step *= 2) {
        int probe = low + (int) step;
        if (compare(id, probe) <= 0) {
          high = probe;
          break;
        }
        low = probe + 1;
      }
    } else {
      high = guess;
      for (; high - low > step; step *= 2) {
        int probe = high - (int) step;
        if (compare(id, probe) > 0) {
          low = probe + 1;
          break;
        }
        high = probe;
      }
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(id, middle) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compare(ContentId id, int position) {
    return id.compareToKey(layout.bytes, layout.keyOffset(position), layout.keyLength);
  }

  /// The position of the first entry whose prefix is not below `prefix`; [#size] if there is none.
  /// The entries of prefix `p` are those from `lowerBound(p)` to `lowerBound(p + 1)`.
  public int lowerBound(char prefix) {
    return layout.prefixStart(prefix);
  }

  /// All entries in the order of their ids.
  @Override
  public Iterator<IndexEntry> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < layout.size;
      }

      @Override
      public IndexEntry next() {
        if (next >= layout.size) {
          throw new NoSuchElementException();
        }
        return entry(next++);
      }
    };
  }
}
