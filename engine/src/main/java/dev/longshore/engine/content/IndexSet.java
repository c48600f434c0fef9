package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.index.MergedIndex;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The index as one load saw it: several index blobs as one map, without dropped tombstones.
/// Immutable.
///
/// This is the seam for indexes that do not fit in memory: nothing above it knows where the entries
/// are.
final class IndexSet {
  private final List<BlobMetadata> blobs;
  private final Map<BlobId, IndexReader> readers;
  private final MergedIndex merged;
  private final Predicate<IndexEntry> dropped;

  /// @param readers of all `blobs` (but those that permissive loading passed over)
  /// @param dropped tells which winners of the merge count as absent
  IndexSet(
      List<BlobMetadata> blobs, Map<BlobId, IndexReader> readers, Predicate<IndexEntry> dropped) {
    this.blobs = List.copyOf(blobs);
    this.readers = Map.copyOf(readers);
    this.merged = new MergedIndex(List.copyOf(readers.values()));
    this.dropped = dropped;
  }

  List<BlobMetadata> blobs() {
    return blobs;
  }

  /// The readers, to be taken over by the next load.
  Map<BlobId, IndexReader> readers() {
    return readers;
  }

  Optional<IndexEntry> find(ContentId id) {
    return merged.find(id).filter(entry -> !dropped.test(entry));
  }

  void forEach(ContentRange range, ContentReader.Visitor visitor) throws RepositoryException {
    for (IndexEntry entry : merged.withPrefixes(range.firstPrefix(), range.lastPrefix())) {
      if ((range.includeDeleted() || !entry.deleted()) && !dropped.test(entry)) {
        visitor.visit(entry);
      }
    }
  }
}
