package dev.longshore.crypto.ecc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/// Reads the blocks of one stored form and mends them; used by one thread.
final class BlockReader {
  private static final int CRC_BYTES = ShardLayout.CRC_BYTES;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final ShardLayout layout;
  private final byte[] stored;
  private final int origin;
  private final CRC32 crc = new CRC32();

  /// @param origin where the stored form starts in `stored`
  BlockReader(ShardLayout layout, byte[] stored, int origin) {
    this.layout = layout;
    this.stored = stored;
    this.origin = origin;
  }

  /// Writes the data shards of one block, without checksums, to their place in `stream`.
  ///
  /// @return how many stored shards of the block are damaged, parity included
  int read(int block, byte[] stream) throws UnrepairableException {
    ShardCode code = layout.code();
    int[] badData = new int[code.dataShards()];
    int badDataCount = 0;
    for (int i = 0; i < code.dataShards(); i++) {
      int shard = block * code.dataShards() + i;
      int bytes = layout.storedBytesOf(shard);
      // A shard left out is known to be zeros.
      if (bytes > 0) {
        int at = origin + layout.dataOffset(shard);
        if (isSound(at, bytes)) {
          int to = shard * layout.shardBytes();
          System.arraycopy(stored, at + CRC_BYTES, stream, to, bytes);
        } else {
          badData[badDataCount++] = i;
        }
      }
    }
    int[] goodParity = new int[code.parityShards()];
    int goodParityCount = 0;
    for (int i = 0; i < code.parityShards(); i++) {
      if (isSound(origin + layout.parityOffset(block, i), layout.shardBytes())) {
        goodParity[goodParityCount++] = i;
      }
    }
    if (badDataCount > goodParityCount) {
      throw new UnrepairableException(
          "error-corrected block "
              + block
              + " of "
              + layout.blocks()
              + ": "
              + badDataCount
              + " damaged data shards, "
              + goodParityCount
              + " sound parity shards");
    }
    if (badDataCount > 0) {
      mend(block, Arrays.copyOf(badData, badDataCount), goodParity, stream);
    }
    return badDataCount + code.parityShards() - goodParityCount;
  }

  private boolean isSound(int at, int bytes) {
    return (int) INT.get(stored, at) == ReedSolomonCrc32.checksum(crc, layout, stored, at, bytes);
  }

  /// Puts parity shards into the places of the bad data shards and interpolates the latter.
  private void mend(int block, int[] badData, int[] goodParity, byte[] stream) {
    ShardCode code = layout.code();
    int firstShard = block * code.dataShards();
    int[] points = new int[code.dataShards()];
    Arrays.setAll(points, i -> i);
    for (int i = 0; i < badData.length; i++) {
      points[badData[i]] = code.dataShards() + goodParity[i];
    }
    byte[][] weights = GaloisField.interpolation(points, badData);
    WeightedSums mended = new WeightedSums(weights, points.length);
    long[] sums = new long[layout.shardBytes()];
    for (int group = 0; group < mended.groups(); group++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < points.length; i++) {
        boolean data = points[i] < code.dataShards();
        int at =
            data
                ? layout.dataOffset(firstShard + i)
                : layout.parityOffset(block, points[i] - code.dataShards());
        int bytes = data ? layout.storedBytesOf(firstShard + i) : layout.shardBytes();
        mended.add(group, i, stored, origin + at + CRC_BYTES, bytes, sums);
      }
      int first = group * WeightedSums.WIDTH;
      int rows = Math.min(WeightedSums.WIDTH, badData.length - first);
      for (int row = 0; row < rows; row++) {
        int shard = firstShard + badData[first + row];
        WeightedSums.extract(
            sums, row, stream, shard * layout.shardBytes(), layout.storedBytesOf(shard));
      }
    }
  }
}
