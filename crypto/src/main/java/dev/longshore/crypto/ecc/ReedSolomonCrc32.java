package dev.longshore.crypto.ecc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;

/// Reed-Solomon parity with a CRC32 on every shard to find the damaged ones.
///
/// Source: `repo/ecc/ecc_rs_crc.go`, `repo/ecc/ecc_utils.go`, commit 4ebb2be6c.
final class ReedSolomonCrc32 implements ErrorCorrection {
  private static final int LENGTH_BYTES = 4;
  private static final int CRC_BYTES = ShardLayout.CRC_BYTES;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
  private static final int MAX_SHARD_BYTES = 1024;
  private static final byte[] ZEROS = new byte[MAX_SHARD_BYTES];
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final ShardCode SMALL = ShardCode.of(6, 2);

  private final int overheadPercent;
  private final int maxShardBytes;
  private final ShardCode large;

  ReedSolomonCrc32(int overheadPercent) {
    this.overheadPercent = overheadPercent;
    this.maxShardBytes =
        switch (overheadPercent) {
          case 1 -> MAX_SHARD_BYTES;
          case 2 -> 512;
          case 3 -> 256;
          case 4, 5, 6 -> 128;
          default -> 64;
        };
    // Single precision as upstream: the counts depend on its rounding.
    float free = Math.max(overheadPercent - 100f * CRC_BYTES / maxShardBytes, 0.01f);
    int parity = Math.clamp((long) Math.floor(128 * (double) (free / 100)), 1, 128);
    if (parity > 1) {
      this.large = ShardCode.of(128, parity);
    } else {
      this.large =
          ShardCode.of(Math.clamp((long) Math.floor(2 * (double) (100 / free)), 128, 254), 2);
    }
  }

  @Override
  public int encodedLength(int plainLength) {
    if (plainLength < 0) {
      throw new IllegalArgumentException("negative length " + plainLength);
    }
    return (int) layoutOfPlain(plainLength).storedBytes();
  }

  @Override
  public byte[] encode(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    ShardLayout layout = layoutOfPlain(length);
    byte[] stored = new byte[(int) layout.storedBytes()];
    putStream(layout, data, offset, length, stored);
    CRC32 crc = new CRC32();
    for (int shard = 0; shard < layout.storedDataShards(); shard++) {
      int at = layout.dataOffset(shard);
      INT.set(stored, at, checksum(crc, layout, stored, at, layout.storedBytesOf(shard)));
    }
    long[] sums = new long[layout.shardBytes()];
    for (int block = 0; block < layout.blocks(); block++) {
      putParity(layout, block, stored, sums, crc);
    }
    return stored;
  }

  @Override
  public Decoded decode(byte[] stored, int offset, int length) throws UnrepairableException {
    Objects.checkFromIndexSize(offset, length, stored.length);
    ShardLayout layout = layoutOfStored(length);
    BlockReader reader = new BlockReader(layout, stored, offset);
    byte[] stream = new byte[layout.streamBytes()];
    int damaged = 0;
    for (int block = 0; block < layout.blocks(); block++) {
      damaged += reader.read(block, stream);
    }
    long plainLength = Integer.toUnsignedLong((int) INT.get(stream, 0));
    if (plainLength > stream.length - LENGTH_BYTES
        || layoutOfPlain((int) plainLength).storedBytes() != length) {
      throw new UnrepairableException(
          "error-corrected bytes: a plain length of " + plainLength + " does not fit " + length);
    }
    return new Decoded(
        Arrays.copyOfRange(stream, LENGTH_BYTES, LENGTH_BYTES + (int) plainLength), damaged);
  }

  @Override
  public String toString() {
    return ErrorCorrections.REED_SOLOMON_CRC32 + " " + overheadPercent + "%";
  }

  /// The checksum of the zero-padded shard behind the checksum at `at`.
  static int checksum(CRC32 crc, ShardLayout layout, byte[] stored, int at, int storedBytes) {
    crc.reset();
    crc.update(stored, at + CRC_BYTES, storedBytes);
    crc.update(ZEROS, 0, layout.shardBytes() - storedBytes);
    return (int) crc.getValue();
  }

  ShardLayout layoutOfPlain(int plainLength) {
    long stream = (long) plainLength + LENGTH_BYTES;
    ShardLayout layout;
    if (stream <= smallStream()) {
      layout = paddedLayout(SMALL, ceilDiv(stream, SMALL.dataShards()));
    } else if (stream <= largeStream()) {
      layout = paddedLayout(large, ceilDiv(stream, large.dataShards()));
    } else {
      int blocks = ceilDiv(stream, largeStream());
      layout = new ShardLayout(large, maxShardBytes, blocks, (int) Math.min(stream, MAX_ARRAY));
    }
    if (stream > MAX_ARRAY || layout.storedBytes() > MAX_ARRAY) {
      throw new IllegalArgumentException(plainLength + " bytes are too many for one stored form");
    }
    return layout;
  }

  ShardLayout layoutOfStored(int length) throws UnrepairableException {
    ShardLayout layout;
    if (length <= 8 * (CRC_BYTES + ceilDiv(smallStream(), 6))) {
      layout = paddedLayout(SMALL, Math.max(ceilDiv(length, 8), CRC_BYTES + 1) - CRC_BYTES);
    } else if (length <= shardsOf(large) * (CRC_BYTES + maxShardBytes)) {
      int stride = Math.max(ceilDiv(length, shardsOf(large)), CRC_BYTES + 1);
      layout = paddedLayout(large, stride - CRC_BYTES);
    } else {
      int stride = CRC_BYTES + maxShardBytes;
      int blocks = ceilDiv(length, shardsOf(large) * stride);
      int dataBytes = (int) Math.max(0, length - (long) blocks * large.parityShards() * stride);
      int streamBytes = dataBytes - ceilDiv(dataBytes, stride) * CRC_BYTES;
      layout = new ShardLayout(large, maxShardBytes, blocks, Math.max(0, streamBytes));
    }
    if (layout.storedBytes() != length) {
      throw new UnrepairableException("no error-corrected form is " + length + " bytes long");
    }
    return layout;
  }

  private static ShardLayout paddedLayout(ShardCode code, int shardBytes) {
    return new ShardLayout(code, shardBytes, 1, code.dataShards() * shardBytes);
  }

  /// The longest stream that is stored with the small code.
  private int smallStream() {
    return 2 * CRC_BYTES * shardsOf(large);
  }

  /// The longest stream that fits one block of the large code.
  private int largeStream() {
    return large.dataShards() * maxShardBytes;
  }

  private static int shardsOf(ShardCode code) {
    return code.dataShards() + code.parityShards();
  }

  private static int ceilDiv(long a, int b) {
    return (int) Math.ceilDiv(a, b);
  }

  private static void putStream(
      ShardLayout layout, byte[] data, int offset, int length, byte[] stored) {
    int shardBytes = layout.shardBytes();
    for (int i = 0; i < LENGTH_BYTES; i++) {
      int at = layout.dataOffset(i / shardBytes) + CRC_BYTES + i % shardBytes;
      stored[at] = (byte) (length >>> (8 * (LENGTH_BYTES - 1 - i)));
    }
    int done = 0;
    while (done < length) {
      int position = LENGTH_BYTES + done;
      int inShard = position % shardBytes;
      int run = Math.min(shardBytes - inShard, length - done);
      int at = layout.dataOffset(position / shardBytes) + CRC_BYTES + inShard;
      System.arraycopy(data, offset + done, stored, at, run);
      done += run;
    }
  }

  private static void putParity(
      ShardLayout layout, int block, byte[] stored, long[] sums, CRC32 crc) {
    ShardCode code = layout.code();
    int firstShard = block * code.dataShards();
    for (int group = 0; group < code.parity().groups(); group++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < code.dataShards(); i++) {
        int shard = firstShard + i;
        int bytes = layout.storedBytesOf(shard);
        code.parity().add(group, i, stored, layout.dataOffset(shard) + CRC_BYTES, bytes, sums);
      }
      int first = group * WeightedSums.WIDTH;
      int rows = Math.min(WeightedSums.WIDTH, code.parityShards() - first);
      for (int row = 0; row < rows; row++) {
        int at = layout.parityOffset(block, first + row);
        WeightedSums.extract(sums, row, stored, at + CRC_BYTES, layout.shardBytes());
        INT.set(stored, at, checksum(crc, layout, stored, at, layout.shardBytes()));
      }
    }
  }
}
