package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The entries in force of segments and of index blobs in memory, together.
///
/// @param segments any number
/// @param readers any number
public record MergedEntries(List<Segment> segments, List<IndexReader> readers) {
  /// Receives entries; may throw to stop.
  @FunctionalInterface
  public interface Visitor {
    void visit(IndexEntry entry) throws RepositoryException;
  }

  /// All entries, merged as the iterator goes; it throws the index's faults as
  /// [java.io.UncheckedIOException].
  public Iterator<IndexEntry> iterator() throws RepositoryException {
    return new Merged(new RunMerge(runs((char) 0, 'z')));
  }

  private static final class Merged implements Iterator<IndexEntry> {
    private final RunMerge merge;
    private @Nullable IndexEntry next;

    Merged(RunMerge merge) throws RepositoryException {
      this.merge = merge;
      this.next = step();
    }

    private @Nullable IndexEntry step() throws RepositoryException {
      Run run = merge.next();
      return run == null ? null : run.row().entry(run.pack(run.row().pack));
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public IndexEntry next() {
      IndexEntry entry = next;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      try {
        next = step();
      } catch (RepositoryException e) {
        throw new UncheckedIOException(e);
      }
      return entry;
    }
  }

  List<Run> runs(char first, char last) {
    List<Run> runs = new ArrayList<>();
    segments.forEach(segment -> runs.add(segment.run(first, last)));
    readers.forEach(reader -> runs.add(ReaderRun.of(reader, first, last)));
    return runs;
  }

  /// Visits the entries of the ids with prefixes `first..last`, in the order of their ids.
  public void forEach(char first, char last, Visitor visitor) throws RepositoryException {
    RunMerge merge = new RunMerge(runs(first, last));
    for (Run run = merge.next(); run != null; run = merge.next()) {
      visitor.visit(run.row().entry(run.pack(run.row().pack)));
    }
  }
}
