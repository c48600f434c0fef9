package dev.longshore.engine.cache;

import dev.longshore.format.id.BlobMetadata;
import java.time.Instant;
import java.util.List;

/// What a store listed.
///
/// @param at when the listing began
public record Listing(List<BlobMetadata> blobs, Instant at) {
  /// Copies the list.
  public Listing {
    blobs = List.copyOf(blobs);
  }
}
