package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.MemoryBudget;

/// How a client uses the contents of a repository.
///
/// @param client named in session markers
/// @param metadataCacheBytes memory for recently read packs of metadata, at most
/// @param permissiveLoading pass over index blobs that cannot be read, rather than fail
public record ContentOptions(
    ClientIdentity client, long metadataCacheBytes, boolean permissiveLoading) {
  /// What serves without thinking: the process's share of memory for metadata, no damaged index.
  public static ContentOptions of(ClientIdentity client) {
    return new ContentOptions(client, MemoryBudget.ofProcess().packCacheBytes(), false);
  }
}
