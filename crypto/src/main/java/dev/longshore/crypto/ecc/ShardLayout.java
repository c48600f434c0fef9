package dev.longshore.crypto.ecc;

/// Where the shards of one stored form lie.
///
/// | offset | what |
/// | --- | --- |
/// | 0 | for each block, for each of its P parity shards: CRC32 (4, big-endian), the shard |
/// | B·P·(4+s) | for each data shard of all blocks: CRC32 of the zero-padded shard, the shard |
///
/// The data shards hold the length (4, big-endian) and then the bytes. With several blocks the
/// shards behind the bytes are left out and the last one is cut.
///
/// Source: `repo/ecc/ecc_rs_crc.go`, commit 4ebb2be6c.
///
/// @param code how many data and parity shards a block has
/// @param shardBytes the length of a whole shard, without its checksum
/// @param blocks how many blocks there are, at least 1
/// @param streamBytes how many bytes of shards are stored in the data area, without checksums
record ShardLayout(ShardCode code, int shardBytes, int blocks, int streamBytes) {
  static final int CRC_BYTES = 4;

  /// The distance between two neighbouring shards.
  int strideBytes() {
    return CRC_BYTES + shardBytes;
  }

  /// The number of data shards that are stored at least in part.
  int storedDataShards() {
    return (streamBytes + shardBytes - 1) / shardBytes;
  }

  /// Where the checksum of a parity shard is; its bytes follow.
  int parityOffset(int block, int parity) {
    return (block * code.parityShards() + parity) * strideBytes();
  }

  /// Where the checksum of a data shard is, counted through all blocks; its bytes follow.
  int dataOffset(int shard) {
    return (blocks * code.parityShards() + shard) * strideBytes();
  }

  /// How many bytes of a data shard are stored: all, fewer for a cut one, 0 for one left out.
  int storedBytesOf(int shard) {
    return Math.clamp(streamBytes - (long) shard * shardBytes, 0, shardBytes);
  }

  /// The length of the whole stored form.
  long storedBytes() {
    return (long) blocks * code.parityShards() * strideBytes()
        + (long) storedDataShards() * CRC_BYTES
        + streamBytes;
  }
}
