package dev.longshore.engine.block.restore;

import dev.longshore.format.id.ContentId;

/// Gives plain bytes the id that they have in a repository.
@FunctionalInterface
public interface ContentNamer {
  /// @param prefix [ContentId#NO_PREFIX] or `g`..`z`
  ContentId idOf(char prefix, byte[] plain, int offset, int length);
}
