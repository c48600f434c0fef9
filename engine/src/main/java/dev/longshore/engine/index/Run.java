package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexRow;

/// Index entries in the order of their ids, one after another, for one owner. Begins before the
/// first.
sealed interface Run permits ReaderRun, BlobRun, SegmentRun {
  /// Goes to the next entry; false at the end.
  boolean next() throws RepositoryException;

  /// The entry the run stands at; filled anew by [#next].
  IndexRow row();

  /// The number of the entry the run stands at among those of the whole blob or segment; numbers
  /// ascend, and may leave some out.
  long position();

  /// The number of packs, which have the numbers below it.
  int packCount();

  BlobId pack(int number) throws RepositoryException;

  /// The longest name of a pack, at most; may read them all.
  int longestPackName() throws RepositoryException;

  /// How many bytes of heap the run takes, about.
  int HEAP_BYTES = 128 << 10;
}
