package dev.longshore.engine.content;

import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.concurrent.MemoryBudget;

/// How a client uses the contents of a repository.
///
/// @param client named in session markers
/// @param metadataCacheBytes memory for recently read packs of metadata, at most
/// @param indexBytes index blobs in memory, at most, beyond which they are merged in files
/// @param caches what is kept on the local disk
/// @param permissiveLoading pass over index blobs that cannot be read, rather than fail
public record ContentOptions(
    ClientIdentity client,
    long metadataCacheBytes,
    long indexBytes,
    ClientCaches caches,
    boolean permissiveLoading) {
  /// What serves without thinking: the process's share of memory for metadata, an index in memory,
  /// nothing on disk, no damaged index.
  public static ContentOptions of(ClientIdentity client) {
    MemoryBudget budget = MemoryBudget.ofProcess();
    return new ContentOptions(
        client, budget.packCacheBytes(), budget.indexBytes(), ClientCaches.NONE, false);
  }
}
