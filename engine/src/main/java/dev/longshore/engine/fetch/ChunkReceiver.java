package dev.longshore.engine.fetch;

import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import java.util.List;

/// Takes chunks as they are read; called by many threads. Every chunk is handed over exactly once,
/// in one of the ways here.
///
/// @param <T> an owner of chunks
public interface ChunkReceiver<T> {
  /// Takes the chunks of a content without its bytes, if they are not needed. Returns false to have
  /// it read.
  boolean takesUnread(ContentId id, List<Chunk<T>> chunks);

  /// Takes a content that was checked against its id, and the chunks that hold it.
  ///
  /// @param content valid only during the call; of a compressed object, see [Chunk#plain]
  void received(ContentId id, ByteSpan content, List<Chunk<T>> chunks);

  /// Told before [#received] of a content that error correction brought back.
  default void mended(ContentId id) {}

  /// Takes chunks whose content could not be read.
  void failed(List<Chunk<T>> chunks, RepositoryException fault);

  /// Tells whether nothing more is wanted; chunks are then handed over as failed.
  boolean stopped();
}
