package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.List;
import java.util.Optional;

/// Reads contents and their index entries. Safe for use by many threads.
public interface ContentReader {
  /// The entry in force for a content; a tombstone is returned too (`deleted` is set), unless it is
  /// below the deletion watermark. Looks at the index only.
  Optional<IndexEntry> find(ContentId id) throws RepositoryException;

  /// Reads a content's plain bytes into a new array of exact length, and checks that they hash to
  /// the id. Deleted contents can be read.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if no index entry names it, or its pack
  ///   is gone
  /// @throws dev.longshore.engine.error.DamagedException if its bytes are not what was written
  byte[] read(ContentId id) throws RepositoryException;

  /// Reads many contents of one pack, in the order of their offsets, with few requests.
  ///
  /// A reader that cannot do better reads one after another.
  ///
  /// @param entries all of the pack `pack`
  default void readFromPack(BlobId pack, List<IndexEntry> entries, PackVisitor visitor)
      throws RepositoryException {
    for (IndexEntry entry : entries) {
      byte[] plain;
      try {
        plain = read(entry.contentId());
      } catch (RepositoryException e) {
        visitor.fault(entry, e);
        continue;
      }
      visitor.content(entry, plain);
    }
  }

  /// Visits the entries in force in id order, in bounded memory.
  void forEach(ContentRange range, Visitor visitor) throws RepositoryException;

  /// Loads what other writers have published since.
  void refresh() throws RepositoryException;

  /// Receives entries; may throw to stop.
  @FunctionalInterface
  interface Visitor {
    void visit(IndexEntry entry) throws RepositoryException;
  }
}
