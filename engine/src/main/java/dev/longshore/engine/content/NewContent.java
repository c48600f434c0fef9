package dev.longshore.engine.content;

import dev.longshore.format.id.ContentId;

/// What an index entry says of a content apart from its place.
///
/// @param compressionHeaderId 0 for none
record NewContent(ContentId id, int plainLength, int compressionHeaderId, boolean deleted) {}
