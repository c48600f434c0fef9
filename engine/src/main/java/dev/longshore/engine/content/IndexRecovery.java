package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.pack.PackRecovery;
import dev.longshore.format.pack.Postamble;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Rebuilds a lost index from what each pack says of itself at its end.
///
/// Of an intact pack only the last 8 KiB are read. A recovered index knows what packs know:
/// contents that were deleted in a session without a pack come back to life.
public final class IndexRecovery {
  private static final int PARALLEL = 8;

  private final BlobStore store;
  private final RepositoryCrypto crypto;

  /// @param store where the packs are
  IndexRecovery(BlobStore store, ContentFormat format) {
    this.store = store;
    this.crypto = format.crypto();
  }

  /// Receives what is found; one call at a time.
  public interface Listener {
    /// A pack's entries, its tombstones included.
    void recovered(BlobMetadata pack, List<IndexEntry> entries) throws RepositoryException;

    /// A pack that does not tell. Throws the fault, which ends the recovery, unless overridden.
    default void failed(BlobMetadata pack, RepositoryException fault) throws RepositoryException {
      throw fault;
    }
  }

  /// Goes through all packs.
  public void recoverAll(Listener listener) throws RepositoryException {
    recoverAll(List.of(PackLayout.DATA_PREFIX, PackLayout.METADATA_PREFIX), listener);
  }

  /// Goes through the packs with these prefixes.
  public void recoverAll(List<String> prefixes, Listener listener) throws RepositoryException {
    Object one = new Object();
    for (String prefix : prefixes) {
      try (Scope scope = new Scope("recover index", PARALLEL)) {
        store.list(
            prefix,
            pack ->
                scope.fork(() -> {
                  List<IndexEntry> entries;
                  try {
                    entries = entriesOf(pack);
                  } catch (RepositoryException e) {
                    synchronized (one) {
                      listener.failed(pack, e);
                    }
                    return;
                  }
                  synchronized (one) {
                    listener.recovered(pack, entries);
                  }
                }));
        scope.join();
      }
    }
  }

  /// The entries of one pack.
  ///
  /// @throws NotFoundException if there is no such pack
  /// @throws DamagedException if it has no index at its end, or a damaged one
  public List<IndexEntry> entriesOf(BlobId pack) throws RepositoryException {
    return entriesOf(
        store
            .metadata(pack)
            .orElseThrow(() -> new NotFoundException("pack " + pack + " is not there")));
  }

  private List<IndexEntry> entriesOf(BlobMetadata pack) throws RepositoryException {
    long length = pack.lengthBytes();
    int tailLength = (int) Math.min(length, PackRecovery.TAIL_BYTES);
    try {
      byte[] tail = store.getRange(pack.id(), length - tailLength, tailLength);
      Postamble postamble = PackRecovery.locate(tail, length);
      long start = length - tailLength;
      if (postamble.localIndexOffset() < start) {
        start = postamble.localIndexOffset();
        if (length - start > Integer.MAX_VALUE - 8) {
          throw new DamagedException(
              "pack " + pack.id() + ": index of " + (length - start) + " bytes");
        }
        tail = store.getRange(pack.id(), start, (int) (length - start));
      }
      IndexReader index = PackRecovery.open(crypto, postamble, tail, start);
      List<IndexEntry> entries = new ArrayList<>(index.size());
      index.forEach(entries::add);
      return entries;
    } catch (IOException e) {
      throw Faults.unreadable("index of pack " + pack.id(), e);
    }
  }
}
