package dev.longshore.engine.content;

import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;

/// What an index entry says of a content apart from its place.
///
/// @param compressionHeaderId 0 for none
record NewContent(ContentId id, int plainLength, int compressionHeaderId, boolean deleted) {
  /// What an entry says, to be written elsewhere.
  static NewContent again(IndexEntry entry, boolean deleted) {
    return new NewContent(
        entry.contentId(), entry.originalLength(), entry.compressionHeaderId(), deleted);
  }
}
