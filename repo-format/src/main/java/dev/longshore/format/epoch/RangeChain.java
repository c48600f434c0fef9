package dev.longshore.format.epoch;

import dev.longshore.format.epoch.EpochState.RangeCheckpoint;
import dev.longshore.format.id.BlobMetadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses among the listed range checkpoints those that are in force.
///
/// They form a chain: the first begins at epoch 0, each further one where the one before ended. The
/// chain that reaches furthest wins, then the one with fewer pieces. Left out, though listed:
///
/// - incomplete sets of shards;
/// - checkpoints of a single epoch: kopia passes over them when it reads (its test is `high >
///   start`), and never writes one;
/// - checkpoints that reach beyond the last epoch to be read: kopia fails on them, and never writes
///   one.
///
/// What is left out is still covered by the single-epoch compactions, which are never deleted.
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_range.go`.
final class RangeChain {
  private RangeChain() {}

  private record Link(RangeCheckpoint checkpoint, int pieces, @Nullable Link before) {}

  static List<RangeCheckpoint> of(
      Map<EpochBlobName.Range, List<BlobMetadata>> listed, int lastEpoch) {
    List<RangeCheckpoint> usable = new ArrayList<>();
    listed.forEach((range, blobs) -> {
      List<BlobMetadata> set = BlobSets.firstComplete(blobs);
      if (!set.isEmpty() && range.low() < range.high() && range.high() <= lastEpoch) {
        usable.add(new RangeCheckpoint(range.low(), range.high(), List.copyOf(set)));
      }
    });
    // In the order of their beginnings every chain that ends before a range is known when it comes.
    usable.sort(Comparator.comparingInt(RangeCheckpoint::low));
    Map<Integer, Link> shortestByEnd = new HashMap<>();
    Link furthest = null;
    for (RangeCheckpoint checkpoint : usable) {
      Link before = shortestByEnd.get(checkpoint.low() - 1);
      if (before == null && checkpoint.low() != 0) {
        continue;
      }
      Link link = new Link(checkpoint, before == null ? 1 : before.pieces + 1, before);
      Link kept =
          shortestByEnd.merge(
              checkpoint.high(), link, (old, added) -> added.pieces < old.pieces ? added : old);
      if (furthest == null || checkpoint.high() >= furthest.checkpoint.high()) {
        furthest = kept;
      }
    }
    List<RangeCheckpoint> chain = new ArrayList<>();
    for (Link link = furthest; link != null; link = link.before) {
      chain.add(link.checkpoint);
    }
    Collections.reverse(chain);
    return List.copyOf(chain);
  }
}
