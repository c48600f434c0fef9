package dev.longshore.engine.block;

import java.util.Optional;
import java.util.random.RandomGenerator;

/// Which blocks to read, and where the others come from.
///
/// @param wanted blocks to read
/// @param parent whose blocks the others are, or are compared with; empty if the others are zeros
record ReadPlan(ChangeReport report, BlockMap wanted, Optional<BlockParent> parent) {
  /// Everything is read; what equals the parent is not stored again.
  static ReadPlan everything(ChangeReport report, long deviceBytes, Optional<BlockParent> parent) {
    return new ReadPlan(report, BlockMap.all(deviceBytes), parent);
  }

  /// After a list proved wrong: what is left to do, with the reason.
  ReadPlan without(UnusableListException.Which list, String why) {
    boolean keepsParent = parent.isPresent() && list != UnusableListException.Which.PARENT;
    ChangeMode next = keepsParent ? ChangeMode.HASH_COMPARE : ChangeMode.FULL;
    return everything(
        report.fallTo(next, why), wanted.deviceBytes(), keepsParent ? parent : Optional.empty());
  }

  /// A share of the blocks that are not to be read.
  BlockMap sample(double percent, RandomGenerator random) {
    BlockMap sample = BlockMap.none(wanted.deviceBytes());
    if (percent > 0) {
      int count = wanted.blockCount();
      for (int i = wanted.nextUnmarked(0); i < count; i = wanted.nextUnmarked(i + 1)) {
        if (random.nextDouble() * 100 < percent) {
          sample.markBlock(i);
        }
      }
    }
    return sample;
  }
}
