package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.index.EntryMarks;
import dev.longshore.engine.index.MergedEntries;
import dev.longshore.engine.index.Segment;
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

/// The index as one load saw it: several index blobs as one map, without dropped tombstones, some
/// of them in memory and others merged in segments. Immutable.
///
/// Nothing above it knows where the entries are. Any method may come upon damage in a segment
/// ([dev.longshore.engine.error.DamagedException], and [#isDamaged] from then on).
final class IndexSet {
  private final List<BlobMetadata> blobs;
  private final Map<BlobId, IndexReader> readers;
  private final List<Segment> segments;
  private final MergedIndex merged;
  private final Predicate<IndexEntry> dropped;

  /// @param readers of those of `blobs` that are in no segment
  /// @param segments of the others (but those that permissive loading passed over)
  /// @param dropped tells which winners of the merge count as absent
  IndexSet(
      List<BlobMetadata> blobs,
      Map<BlobId, IndexReader> readers,
      List<Segment> segments,
      Predicate<IndexEntry> dropped) {
    this.blobs = List.copyOf(blobs);
    this.readers = Map.copyOf(readers);
    this.segments = List.copyOf(segments);
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

  /// The segments, to be taken over by the next load.
  List<Segment> segments() {
    return segments;
  }

  /// Tells whether a segment was found damaged.
  boolean isDamaged() {
    return segments.stream().anyMatch(Segment::isDamaged);
  }

  Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    return winner(id).filter(entry -> !dropped.test(entry));
  }

  /// The winner of the merge, also one that counts as absent: a new entry must be newer than that
  /// to be seen.
  Optional<IndexEntry> winner(ContentId id) throws RepositoryException {
    Optional<IndexEntry> best = merged.find(id);
    for (Segment segment : segments) {
      Optional<IndexEntry> found = segment.find(id);
      if (found.isPresent() && (best.isEmpty() || found.get().supersedes(best.get()))) {
        best = found;
      }
    }
    return best;
  }

  /// Tells whether [#find] finds an entry that is no tombstone; mostly without asking for its pack.
  boolean isLive(ContentId id) throws RepositoryException {
    Optional<IndexEntry> inMemory = merged.find(id);
    int holders = inMemory.isPresent() ? 1 : 0;
    boolean live = inMemory.isPresent() && !inMemory.get().deleted();
    for (Segment segment : segments) {
      Segment.State state = segment.state(id);
      if (state != Segment.State.ABSENT) {
        holders++;
        live = state == Segment.State.LIVE;
      }
    }
    return holders > 1 ? find(id).filter(entry -> !entry.deleted()).isPresent() : live;
  }

  /// Tells whether the winner of the merge counts as absent.
  boolean isDropped(IndexEntry entry) {
    return dropped.test(entry);
  }

  /// A set of the ids of this index.
  EntryMarks newMarks() {
    return new EntryMarks(segments, merged.readers());
  }

  void forEach(ContentRange range, ContentReader.Visitor visitor) throws RepositoryException {
    new MergedEntries(segments, merged.readers())
        .forEach(
            range.firstPrefix(),
            range.lastPrefix(),
            entry -> {
              if ((range.includeDeleted() || !entry.deleted()) && !dropped.test(entry)) {
                visitor.visit(entry);
              }
            });
  }
}
