package dev.longshore.format.index;

import dev.longshore.format.id.ContentId;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// Several index blobs as one map: for each id the entry in force ([IndexEntry#supersedes]).
///
/// Tombstones are entries like others; dropping those under a watermark is the caller's.
/// Thread-safe.
///
/// Source: kopia 4ebb2be6c `repo/content/index/merged.go`.
public final class MergedIndex implements Iterable<IndexEntry> {
  private final List<IndexReader> readers;

  /// A view of the readers, which it keeps.
  public MergedIndex(List<IndexReader> readers) {
    this.readers = List.copyOf(readers);
  }

  /// The parts.
  public List<IndexReader> readers() {
    return readers;
  }

  /// The entry in force of an id.
  public Optional<IndexEntry> find(ContentId id) {
    IndexReader holder = null;
    int best = -1;
    for (IndexReader reader : readers) {
      int position = reader.indexOf(id);
      if (position >= 0 && (holder == null || supersedes(reader, position, holder, best))) {
        holder = reader;
        best = position;
      }
    }
    return holder == null ? Optional.empty() : Optional.of(holder.entry(best));
  }

  /// As [IndexEntry#supersedes], without making the entries.
  private static boolean supersedes(IndexReader reader, int position, IndexReader other, int at) {
    long time = reader.timestampSeconds(position);
    long otherTime = other.timestampSeconds(at);
    if (time != otherTime) {
      return time > otherTime;
    }
    if (reader.isDeleted(position) != other.isDeleted(at)) {
      return !reader.isDeleted(position);
    }
    return reader.packBlobId(position).compareTo(other.packBlobId(at)) > 0;
  }

  /// The entries in force in the order of their ids, merged as the iterator goes.
  @Override
  public Iterator<IndexEntry> iterator() {
    return withPrefixes(ContentId.NO_PREFIX, 'z').iterator();
  }

  /// The entries in force of the ids with prefixes `first..last`, in the order of their ids.
  public Iterable<IndexEntry> withPrefixes(char first, char last) {
    return () -> new Merge(readers, first, last);
  }

  /// A position in one reader.
  private static final class Cursor {
    private final IndexReader reader;
    private final int end;
    private int position;
    private IndexEntry entry;

    Cursor(IndexReader reader, int position, int end) {
      this.reader = reader;
      this.position = position;
      this.end = end;
      this.entry = reader.entry(position);
    }

    boolean advance() {
      if (++position >= end) {
        return false;
      }
      entry = reader.entry(position);
      return true;
    }
  }

  /// A k-way merge: the heap holds each reader's next entry.
  private static final class Merge implements Iterator<IndexEntry> {
    private final PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(Comparator.comparing(cursor -> cursor.entry.contentId()));

    Merge(List<IndexReader> readers, char first, char last) {
      for (IndexReader reader : readers) {
        int start = reader.lowerBound(first);
        int end = reader.lowerBound((char) (last + 1));
        if (start < end) {
          cursors.add(new Cursor(reader, start, end));
        }
      }
    }

    @Override
    public boolean hasNext() {
      return !cursors.isEmpty();
    }

    @Override
    public IndexEntry next() {
      IndexEntry best = takeFirst();
      while (!cursors.isEmpty() && isFirst(best.contentId())) {
        IndexEntry other = takeFirst();
        best = other.supersedes(best) ? other : best;
      }
      return best;
    }

    private boolean isFirst(ContentId id) {
      return cursors.element().entry.contentId().equals(id);
    }

    private IndexEntry takeFirst() {
      Cursor cursor = cursors.remove();
      IndexEntry entry = cursor.entry;
      if (cursor.advance()) {
        cursors.add(cursor);
      }
      return entry;
    }
  }
}
