package dev.longshore.engine.content;

import dev.longshore.format.id.ContentId;

/// A selection of contents.
///
/// @param firstPrefix the smallest prefix letter wanted; [ContentId#NO_PREFIX] for unprefixed ids
/// @param lastPrefix the largest prefix letter wanted
/// @param includeDeleted tombstones too
public record ContentRange(char firstPrefix, char lastPrefix, boolean includeDeleted) {
  /// Every live content.
  public static final ContentRange ALL = new ContentRange(ContentId.NO_PREFIX, 'z', false);

  /// Every entry, tombstones too.
  public static final ContentRange ALL_WITH_DELETED =
      new ContentRange(ContentId.NO_PREFIX, 'z', true);

  /// The live contents with this prefix letter.
  public static ContentRange ofPrefix(char prefix) {
    return new ContentRange(prefix, prefix, false);
  }

  /// Tells whether an id is in the range, whatever its state.
  public boolean includes(ContentId id) {
    return id.prefix() >= firstPrefix && id.prefix() <= lastPrefix;
  }
}
