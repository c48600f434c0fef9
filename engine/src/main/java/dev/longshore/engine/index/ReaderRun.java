package dev.longshore.engine.index;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.index.IndexRow;

/// The entries of an index blob in memory.
final class ReaderRun implements Run {
  private final IndexReader reader;
  private final IndexRow row;
  private final int end;
  private int next;

  ReaderRun(IndexReader reader) {
    this(reader, 0, reader.size());
  }

  private ReaderRun(IndexReader reader, int start, int end) {
    this.reader = reader;
    this.row = new IndexRow(reader.keyLength());
    this.next = start;
    this.end = end;
  }

  /// The entries with prefixes `first..last`.
  static ReaderRun of(IndexReader reader, char first, char last) {
    return new ReaderRun(reader, reader.lowerBound(first), reader.lowerBound((char) (last + 1)));
  }

  @Override
  public boolean next() {
    if (next >= end) {
      return false;
    }
    reader.read(next++, row);
    return true;
  }

  @Override
  public IndexRow row() {
    return row;
  }

  @Override
  public long position() {
    return next - 1L;
  }

  @Override
  public int packCount() {
    return reader.packCount();
  }

  @Override
  public BlobId pack(int number) {
    return reader.pack(number);
  }

  @Override
  public int longestPackName() {
    int longest = 0;
    for (int i = 0; i < reader.packCount(); i++) {
      longest = Math.max(longest, reader.pack(i).value().length());
    }
    return longest;
  }
}
