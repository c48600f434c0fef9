package dev.longshore.engine.block;

import dev.longshore.format.block.BlockLayout;
import java.util.BitSet;
import java.util.Objects;

/// A set of the blocks of a device of known size: those that changed, or are allocated. Blocks are
/// 1 MiB each and counted from 0; the last may be shorter. Takes a bit per block. Not thread-safe;
/// safe to read by many once it is filled.
public final class BlockMap {
  /// Bytes of a block: Velero's, which no option changes.
  public static final int BLOCK_BYTES = BlockLayout.BLOCK_BYTES;

  /// The largest device: a map of it takes 128 MiB.
  public static final long MAX_DEVICE_BYTES = 1L << 50;

  private final long deviceBytes;
  private final BitSet blocks;

  private BlockMap(long deviceBytes) {
    if (deviceBytes < 0 || deviceBytes > MAX_DEVICE_BYTES) {
      throw new IllegalArgumentException("device of " + deviceBytes + " bytes");
    }
    this.deviceBytes = deviceBytes;
    this.blocks = new BitSet();
  }

  /// No block of a device.
  ///
  /// @throws IllegalArgumentException if the size is negative or above [#MAX_DEVICE_BYTES]
  public static BlockMap none(long deviceBytes) {
    return new BlockMap(deviceBytes);
  }

  /// All blocks of a device.
  ///
  /// @throws IllegalArgumentException if the size is negative or above [#MAX_DEVICE_BYTES]
  public static BlockMap all(long deviceBytes) {
    BlockMap map = new BlockMap(deviceBytes);
    map.blocks.set(0, map.blockCount());
    return map;
  }

  /// How many blocks a device of so many bytes has.
  public static int blockCount(long deviceBytes) {
    return Math.toIntExact((deviceBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
  }

  /// The exact size of the device.
  public long deviceBytes() {
    return deviceBytes;
  }

  /// How many blocks the device has.
  public int blockCount() {
    return blockCount(deviceBytes);
  }

  /// Tells whether a range lies on the device. What comes from outside is asked this before
  /// [#mark].
  public boolean contains(long offset, long length) {
    return offset >= 0 && length >= 0 && length <= deviceBytes && offset <= deviceBytes - length;
  }

  /// Adds every block that the range touches; an empty range touches none.
  ///
  /// @throws IllegalArgumentException if the range does not lie on the device
  public void mark(long offset, long length) {
    if (!contains(offset, length)) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " of a device of " + deviceBytes);
    }
    if (length > 0) {
      blocks.set((int) (offset / BLOCK_BYTES), (int) ((offset + length - 1) / BLOCK_BYTES) + 1);
    }
  }

  /// Adds a block.
  ///
  /// @throws IndexOutOfBoundsException if the device has no such block
  void markBlock(int block) {
    blocks.set(Objects.checkIndex(block, blockCount()));
  }

  /// A set of the same blocks.
  BlockMap copy() {
    BlockMap copy = new BlockMap(deviceBytes);
    copy.blocks.or(blocks);
    return copy;
  }

  /// Adds all blocks of another set of the same device.
  void add(BlockMap other) {
    blocks.or(other.blocks);
  }

  /// Tells whether a block is in the set.
  public boolean isMarked(int block) {
    return blocks.get(block);
  }

  /// The first block in the set from `from` on; -1 if there is none.
  public int nextMarked(int from) {
    return blocks.nextSetBit(from);
  }

  /// The first block of the device from `from` on that is not in the set; [#blockCount()] if there
  /// is none.
  public int nextUnmarked(int from) {
    return Math.min(blocks.nextClearBit(from), Math.max(from, blockCount()));
  }

  /// How many blocks are in the set.
  public int count() {
    return blocks.cardinality();
  }

  /// Bytes of the device that the blocks in the set cover.
  public long markedBytes() {
    return markedBytesFrom(0);
  }

  /// As [#markedBytes], of the blocks from `first` on.
  long markedBytesFrom(int first) {
    int all = blockCount();
    if (first >= all) {
      return 0;
    }
    long bytes = (long) blocks.get(first, all).cardinality() * BLOCK_BYTES;
    return all > 0 && isMarked(all - 1) ? bytes - ((long) all * BLOCK_BYTES - deviceBytes) : bytes;
  }
}
