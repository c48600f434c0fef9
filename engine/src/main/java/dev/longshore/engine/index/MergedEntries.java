package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import java.util.ArrayList;
import java.util.List;

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

  /// Visits the entries of the ids with prefixes `first..last`, in the order of their ids.
  public void forEach(char first, char last, Visitor visitor) throws RepositoryException {
    List<Run> runs = new ArrayList<>();
    segments.forEach(segment -> runs.add(segment.run(first, last)));
    readers.forEach(reader -> runs.add(ReaderRun.of(reader, first, last)));
    RunMerge merge = new RunMerge(runs);
    for (Run run = merge.next(); run != null; run = merge.next()) {
      visitor.visit(run.row().entry(run.pack(run.row().pack)));
    }
  }
}
