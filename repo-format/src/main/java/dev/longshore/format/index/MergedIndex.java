package dev.longshore.format.index;

import dev.longshore.format.id.ContentId;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

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
    throw new UnsupportedOperationException("not yet");
  }

  /// The entries in force in the order of their ids, merged as the iterator goes.
  @Override
  public Iterator<IndexEntry> iterator() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The entries in force of the ids with prefixes `first..last`.
  public Iterable<IndexEntry> withPrefixes(char first, char last) {
    throw new UnsupportedOperationException("not yet");
  }
}
