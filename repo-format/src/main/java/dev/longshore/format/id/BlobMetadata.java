package dev.longshore.format.id;

import java.time.Instant;

/// What a store's listing says of a blob.
///
/// @param lengthBytes stored length
/// @param timestamp the store's own time of the last write; the only clock that epochs and
///   maintenance trust
public record BlobMetadata(BlobId id, long lengthBytes, Instant timestamp) {}
