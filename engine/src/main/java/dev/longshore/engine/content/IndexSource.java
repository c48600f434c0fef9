package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which index blobs are in force, and how new ones come in force: by epochs or by V0 sets.
sealed interface IndexSource permits EpochIndexSource, V0IndexSource {
  /// Where lists may come from.
  enum Lists {
    /// From the store.
    FRESH,
    /// From this client's cache, if there is one that is young enough.
    RECENT
  }

  /// The index blobs in force, and which entries of theirs are dropped.
  ///
  /// @param at when the store was asked
  record Active(List<BlobMetadata> blobs, Predicate<IndexEntry> dropped, Instant at) {}

  /// Lists the store and computes what is in force.
  ///
  /// @param lists whether a list of a moment ago serves
  /// @param own index blobs this process put lately, which a late list may not show yet
  Active load(OwnBlobs own, Lists lists) throws RepositoryException;

  /// Puts plain index blobs so that they are in force when this returns.
  ///
  /// @return names, and the plain bytes each was made of
  Map<BlobId, byte[]> publish(List<byte[]> plainShards, SessionId session)
      throws RepositoryException;

  /// Every index blob that is listed, in force or not.
  List<BlobMetadata> all() throws RepositoryException;

  /// The state of the epochs, freshly listed, where there are any.
  Optional<EpochState> epochs() throws RepositoryException;
}
