package dev.longshore.engine.content;

import dev.longshore.format.id.ContentId;

/// What an index entry says of a content apart from its place.
///
/// @param compressionHeaderId 0 for none
record NewContent(
    ContentId id,
    int plainLength,
    int compressionHeaderId,
    boolean deleted,
    long timestampSeconds) {
  /// The same with another time.
  NewContent at(long seconds) {
    return new NewContent(id, plainLength, compressionHeaderId, deleted, seconds);
  }
}
