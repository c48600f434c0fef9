package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
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

  /// Reads a run of contents of one pack with few requests, in memory of `buffers` alone: a run
  /// takes one array of its [PackRun#spaceBytes()]. Each content is handed over once, or its fault.
  ///
  /// A reader that cannot do better reads one after another, and checks all.
  ///
  /// @throws InterruptedException if interrupted while waiting for memory
  default void read(PackRun run, BoundedBuffers buffers, ContentCheck check, PackVisitor visitor)
      throws RepositoryException, InterruptedException {
    for (IndexEntry entry : run.entries()) {
      byte[] plain;
      try {
        plain = read(entry.contentId());
      } catch (RepositoryException e) {
        visitor.fault(entry, e);
        continue;
      }
      visitor.content(entry, ByteSpan.of(plain));
    }
  }

  /// Buffers for [#read(PackRun, BoundedBuffers, ContentCheck, PackVisitor)]. Their usual size is
  /// that of a run that is worth a request, and small enough that some are read while others are
  /// decoded.
  ///
  /// @param budgetBytes memory to use, at most
  /// @param check what will be proved of the contents
  default BoundedBuffers buffers(long budgetBytes, ContentCheck check) {
    return new BoundedBuffers(budgetBytes, Math.clamp(budgetBytes / 3, 1, 8 << 20));
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
