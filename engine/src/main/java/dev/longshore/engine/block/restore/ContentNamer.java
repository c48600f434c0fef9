package dev.longshore.engine.block.restore;

import dev.longshore.format.id.ContentId;

/// Gives plain bytes the id that they have in a repository.
@FunctionalInterface
interface ContentNamer {
  ContentId idOf(char prefix, byte[] plain, int offset, int length);
}
