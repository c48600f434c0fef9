package dev.longshore.format.index;

import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.Optional;

/// The entries of one plain index blob, version 1 or 2, read in place.
///
/// [#open] checks everything once: sizes, counts, offsets, names, the order of the ids. After it no
/// method throws on account of the bytes. Entries are addressed by position, in the order of their
/// ids; the position methods allocate nothing. Thread-safe. The bytes belong to the reader and must
/// not change.
public final class IndexReader implements Iterable<IndexEntry> {
  private IndexReader() {}

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
    throw new UnsupportedOperationException("not yet");
  }

  /// 1 or 2.
  public int version() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The number of entries.
  public int size() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The position of the id's entry, or -1.
  public int indexOf(ContentId id) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The id's entry.
  public Optional<IndexEntry> find(ContentId id) {
    int position = indexOf(id);
    return position < 0 ? Optional.empty() : Optional.of(entry(position));
  }

  /// The entry at a position.
  public IndexEntry entry(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The id at a position.
  public ContentId contentId(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The pack of the entry at a position; the same object for the same pack.
  public BlobId packBlobId(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The offset in the pack of the entry at a position.
  public int packOffset(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The stored length of the entry at a position.
  public int packedLength(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The plain length of the entry at a position.
  public int originalLength(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The compression header id of the entry at a position.
  public int compressionHeaderId(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Tells whether the entry at a position is a tombstone.
  public boolean isDeleted(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The time of the entry at a position, Unix seconds.
  public long timestampSeconds(int position) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The position of the first entry whose id is not below `id`; [#size] if there is none.
  public int lowerBound(ContentId id) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The position of the first entry whose prefix is not below `prefix`; [#size] if there is none.
  /// The entries of prefix `p` are those from `lowerBound(p)` to `lowerBound(p + 1)`.
  public int lowerBound(char prefix) {
    throw new UnsupportedOperationException("not yet");
  }

  /// All entries in the order of their ids.
  @Override
  public Iterator<IndexEntry> iterator() {
    throw new UnsupportedOperationException("not yet");
  }
}
