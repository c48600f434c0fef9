package dev.longshore.engine.sync;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import org.jspecify.annotations.Nullable;

/// What both sides hold, by kind.
///
/// The source's index blobs are listed before its packs: as a pack is durable before any index blob
/// names it, each pack that the listed index needs is listed as well, however busy the source is.
final class SyncLists implements AutoCloseable {
  private final SyncOptions options;
  private final SyncListener listener;
  private final SortedBlobs sourceIndex;
  private final SortedBlobs sourceData;
  private final SortedBlobs destinationIndex;
  private final SortedBlobs destinationData;
  private long sharedBlobs;
  private long sharedBytes;

  private SyncLists(SyncOptions options, SyncListener listener) {
    this.options = options;
    this.listener = listener;
    this.sourceIndex = SortedBlobs.byName(options.scratch());
    this.sourceData = SortedBlobs.byName(options.scratch());
    this.destinationIndex = SortedBlobs.byName(options.scratch());
    this.destinationData = SortedBlobs.byName(options.scratch());
  }

  static SyncLists take(
      BlobStore source, BlobStore destination, SyncOptions options, SyncListener listener)
      throws RepositoryException {
    var lists = new SyncLists(options, listener);
    try {
      lists.listSource(source);
      lists.listDestination(destination);
      return lists;
    } catch (RepositoryException | RuntimeException e) {
      lists.close();
      throw e;
    }
  }

  private void listSource(BlobStore source) throws RepositoryException {
    for (String prefix : BlobKinds.INDEX_PREFIXES) {
      source.list(prefix, sourceIndex::add);
    }
    source.list(
        "",
        blob -> {
          BlobId id = blob.id();
          if (BlobKinds.isShared(id)) {
            sharedBlobs++;
            sharedBytes += blob.lengthBytes();
          } else if (!BlobKinds.isIndex(id) && !BlobKinds.isForeign(id)) {
            sourceData.add(blob);
            tell(true, sourceIndex, sourceData);
          }
        });
    tell(true, sourceIndex, sourceData);
  }

  private void listDestination(BlobStore destination) throws RepositoryException {
    destination.list(
        "",
        blob -> {
          BlobId id = blob.id();
          if (BlobKinds.isIndex(id)) {
            destinationIndex.add(blob);
          } else if (!BlobKinds.isShared(id) && !BlobKinds.isForeign(id)) {
            destinationData.add(blob);
          }
          tell(false, destinationIndex, destinationData);
        });
  }

  private void tell(boolean source, SortedBlobs index, SortedBlobs data) {
    listener.listing(source, index.count() + data.count(), index.bytes() + data.bytes());
  }

  long sharedBlobs() {
    return sharedBlobs;
  }

  long sharedBytes() {
    return sharedBytes;
  }

  /// Sees a blob of one side or of both.
  @FunctionalInterface
  interface PairVisitor {
    void visit(@Nullable BlobMetadata source, @Nullable BlobMetadata destination)
        throws RepositoryException;
  }

  /// All that are no index blobs and not shared.
  void data(PairVisitor visitor) throws RepositoryException {
    pair(sourceData, destinationData, visitor);
  }

  /// All index blobs, in the order of names.
  void index(PairVisitor visitor) throws RepositoryException {
    pair(sourceIndex, destinationIndex, visitor);
  }

  /// Compares the source's blobs of either kind with what the destination holds by now.
  void again(boolean index, BlobStore destination, PairVisitor visitor) throws RepositoryException {
    try (SortedBlobs now = SortedBlobs.byName(options.scratch())) {
      destination.list(
          "",
          blob -> {
            if (BlobKinds.isIndex(blob.id()) == index) {
              now.add(blob);
            }
          });
      pair(index ? sourceIndex : sourceData, now, visitor);
    }
  }

  private static void pair(SortedBlobs source, SortedBlobs destination, PairVisitor visitor)
      throws RepositoryException {
    try (SortedBlobs.Cursor ours = source.cursor();
        SortedBlobs.Cursor theirs = destination.cursor()) {
      BlobMetadata from = ours.next();
      BlobMetadata to = theirs.next();
      while (from != null || to != null) {
        int order = from == null ? 1 : to == null ? -1 : from.id().compareTo(to.id());
        visitor.visit(order <= 0 ? from : null, order >= 0 ? to : null);
        from = order <= 0 ? ours.next() : from;
        to = order >= 0 ? theirs.next() : to;
      }
    }
  }

  @Override
  public void close() throws RepositoryException {
    sourceIndex.close();
    sourceData.close();
    destinationIndex.close();
    destinationData.close();
  }
}
