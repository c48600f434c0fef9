package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// A set of ids of an index that does not change: one bit for each entry of its segments and
/// readers, so 13 MB for 100 million. Thread-safe while ids are marked.
public final class EntryMarks {
  /// What there was of an id when it was to be marked.
  public enum Outcome {
    /// The index does not have it.
    ABSENT,
    /// It was marked before.
    KNOWN,
    /// It is marked now, and each entry of it is live.
    LIVE,
    /// It is marked now, and there is a tombstone among its entries, which need not be in force.
    WITH_TOMBSTONE
  }

  /// Receives entries; may throw to stop.
  @FunctionalInterface
  public interface Visitor {
    void visit(IndexEntry entry, boolean marked) throws RepositoryException;
  }

  private record MarkedSegment(Segment segment, Bits bits) {}

  private record MarkedReader(IndexReader reader, Bits bits) {}

  private final List<MarkedSegment> segments = new ArrayList<>();
  private final List<MarkedReader> readers = new ArrayList<>();

  /// Nothing is marked.
  public EntryMarks(List<Segment> segments, List<IndexReader> readers) {
    for (Segment segment : segments) {
      this.segments.add(new MarkedSegment(segment, new Bits(segment.positions())));
    }
    for (IndexReader reader : readers) {
      if (reader.size() > 0) {
        this.readers.add(new MarkedReader(reader, new Bits(reader.size())));
      }
    }
  }

  /// Marks an id.
  public Outcome mark(ContentId id) throws RepositoryException {
    boolean found = false;
    boolean added = false;
    boolean deleted = false;
    for (MarkedReader marked : readers) {
      int position = marked.reader.indexOf(id);
      if (position >= 0) {
        found = true;
        added |= marked.bits.set(position);
        deleted |= marked.reader.isDeleted(position);
      }
    }
    for (MarkedSegment marked : segments) {
      long position = marked.segment.positionAndState(id);
      if (position >= 0) {
        found = true;
        added |= marked.bits.set(position >>> 1);
        deleted |= (position & 1) != 0;
      }
    }
    if (!found) {
      return Outcome.ABSENT;
    }
    return !added ? Outcome.KNOWN : deleted ? Outcome.WITH_TOMBSTONE : Outcome.LIVE;
  }

  /// Visits the entries in force of the ids with prefixes `first..last`, in the order of their ids.
  public void forEach(char first, char last, Visitor visitor) throws RepositoryException {
    List<Run> runs = new ArrayList<>();
    IdentityHashMap<Run, Bits> bits = new IdentityHashMap<>();
    for (MarkedSegment marked : segments) {
      Run run = marked.segment.run(first, last);
      runs.add(run);
      bits.put(run, marked.bits);
    }
    for (MarkedReader marked : readers) {
      Run run = ReaderRun.of(marked.reader, first, last);
      runs.add(run);
      bits.put(run, marked.bits);
    }
    RunMerge merge = new RunMerge(runs);
    for (Run run = merge.next(); run != null; run = merge.next()) {
      Bits of = bits.get(run);
      visitor.visit(
          run.row().entry(run.pack(run.row().pack)), of != null && of.get(run.position()));
    }
  }

  private static final class Bits {
    private final AtomicLongArray words;

    Bits(long size) {
      words = new AtomicLongArray(Math.toIntExact(Math.ceilDiv(size, Long.SIZE)));
    }

    /// Tells whether it was not set.
    boolean set(long position) {
      int word = (int) (position >>> 6);
      long bit = 1L << position;
      return (words.get(word) & bit) == 0
          && (words.getAndAccumulate(word, bit, (a, b) -> a | b) & bit) == 0;
    }

    boolean get(long position) {
      return (words.get((int) (position >>> 6)) & 1L << position) != 0;
    }
  }
}
