package dev.longshore.engine.cache;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.pack.PackLayout;
import java.nio.file.Path;
import java.util.Optional;

/// What a client keeps of a repository on its own disk.
///
/// @param contents of packs of data
/// @param metadata of packs of metadata, and index blobs
/// @param lists of index blobs
/// @param indexFolder where an index that does not fit in memory is kept
public record ClientCaches(
    Optional<DiskCache> contents,
    Optional<DiskCache> metadata,
    Optional<ListCache> lists,
    Optional<Path> indexFolder) {
  /// Nothing is kept.
  public static final ClientCaches NONE =
      new ClientCaches(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// The cache of parts of a pack.
  public Optional<DiskCache> ofPack(BlobId pack) {
    return pack.startsWith(PackLayout.METADATA_PREFIX) ? metadata : contents;
  }

  /// Nothing is kept but an index that does not fit in memory.
  public static ClientCaches ofIndex(Optional<Path> folder) {
    return new ClientCaches(Optional.empty(), Optional.empty(), Optional.empty(), folder);
  }
}
