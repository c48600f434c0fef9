package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.BlockMap;

/// Chooses which parts of a volume are restored.
@FunctionalInterface
public interface RangeFilter {
  /// Chooses all.
  RangeFilter ALL = (offset, length) -> true;

  /// Chooses the blocks of a map, and what lies behind the map's device: there nothing is known.
  static RangeFilter of(BlockMap map) {
    return (offset, length) -> {
      if (offset + length > map.deviceBytes()) {
        return true;
      }
      int first = (int) (offset / BlockMap.BLOCK_BYTES);
      int last = (int) ((offset + length - 1) / BlockMap.BLOCK_BYTES);
      int marked = map.nextMarked(first);
      return marked >= 0 && marked <= last;
    };
  }

  /// Tells whether any byte of a range is wanted; then all of it is restored. Asked once for each
  /// piece of the volume, in order.
  boolean wants(long offset, long length);
}
