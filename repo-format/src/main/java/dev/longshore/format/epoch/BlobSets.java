package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which listed blobs form a complete set of shards.
///
/// A name `<anything>-s<set>-c<count>` belongs to the set `s<set>`, which is complete when `count`
/// such blobs are listed; a blob of any other name is a complete set of its own.
///
/// Source: kopia 4ebb2be6c `internal/completeset/completeset.go`.
final class BlobSets {
  private BlobSets() {}

  /// The first set to become complete in listing order; empty if none does.
  static List<BlobMetadata> firstComplete(List<BlobMetadata> listed) {
    Map<String, List<BlobMetadata>> sets = new HashMap<>();
    for (BlobMetadata blob : listed) {
      String[] parts = blob.id().value().split("-", -1);
      int count = parts.length < 3 || !parts[1].startsWith("s") ? 0 : count(parts[2]);
      if (count == 0) {
        return List.of(blob);
      }
      List<BlobMetadata> set = sets.computeIfAbsent(parts[1], _ -> new ArrayList<>());
      set.add(blob);
      if (set.size() == count) {
        return set;
      }
    }
    return List.of();
  }

  /// The number in `c<number>`; 0 if it is not of this form, -1 if no set can have that many.
  private static int count(String part) {
    if (!part.matches("c[0-9]+")) {
      return 0;
    }
    try {
      int count = Integer.parseInt(part, 1, part.length(), 10);
      return count == 0 ? -1 : count;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
