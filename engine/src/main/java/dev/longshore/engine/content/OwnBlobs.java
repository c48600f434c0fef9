package dev.longshore.engine.content;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Index blobs that this process put and the store's lists have not shown yet.
///
/// Once a blob was listed, only lists count: a blob that vanishes from them was superseded, and
/// what it says must not come back. Not thread-safe.
final class OwnBlobs {
  /// How long a store's list may lag behind this process's own puts.
  private static final Duration LIST_LAG = Duration.ofMinutes(10);

  private final Map<BlobId, BlobMetadata> unlisted = new HashMap<>();

  /// Notes a blob that was put at `now`.
  void add(BlobId id, long lengthBytes, Instant now) {
    unlisted.values().removeIf(blob -> blob.timestamp().isBefore(now.minus(LIST_LAG)));
    unlisted.put(id, new BlobMetadata(id, lengthBytes, now));
  }

  /// A listing with the blobs that it should have shown.
  List<BlobMetadata> complete(List<BlobMetadata> listed) {
    listed.forEach(blob -> unlisted.remove(blob.id()));
    List<BlobMetadata> all = new ArrayList<>(listed);
    all.addAll(unlisted.values());
    return all;
  }

  /// Forgets all: only lists count.
  void clear() {
    unlisted.clear();
  }
}
