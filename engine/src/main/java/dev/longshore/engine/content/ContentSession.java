package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.List;

/// A content writer with an end, and what only maintenance and manifests need.
///
/// The index is also published on the way, when much is pending ([ContentWriteOptions]); contents
/// that nothing names yet harm nobody.
public interface ContentSession extends ContentWriter, AutoCloseable {
  /// Keeps changes together: until the hold is closed, the index is not published on the way, so
  /// that readers see all of them or none. An explicit [#flush()] waits for it.
  IndexHold holdIndex() throws RepositoryException;

  /// Writes a content anew into another pack, with a later time and otherwise as it is, deleted or
  /// not.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if there is no such content
  void rewrite(ContentId id) throws RepositoryException;

  /// Writes contents of one pack anew, as [#rewrite(ContentId)] does, reading them with few
  /// requests. Those whose entry is not in force any more are passed over.
  ///
  /// @param visitor told of each content that was written, and of those that could not be read; the
  ///   bytes it gets are what was sealed
  /// @throws InterruptedException if interrupted while waiting for memory
  void rewrite(PackRun run, BoundedBuffers buffers, PackVisitor visitor)
      throws RepositoryException, InterruptedException;

  /// Writes a content anew from a place that an entry names, which need not be the one in force: a
  /// copy that is left of a content whose place is damaged. The content is live then.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if the copy's pack is not there
  /// @throws dev.longshore.engine.error.DamagedException if the copy is damaged, too
  void restoreFrom(IndexEntry copy) throws RepositoryException;

  /// Publishes, with the next flush, entries whose packs are in the store already: recovered ones.
  void adopt(List<IndexEntry> entries) throws RepositoryException;

  /// Gives up what was not flushed: waits for uploads under way and removes the session marker.
  /// What was uploaded stays as orphans. Never throws for a session that failed before.
  @Override
  void close() throws RepositoryException;

  /// See [#holdIndex()]; closing twice is no fault.
  interface IndexHold extends AutoCloseable {
    @Override
    void close();
  }
}
