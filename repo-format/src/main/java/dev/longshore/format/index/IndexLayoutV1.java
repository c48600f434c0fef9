package dev.longshore.format.index;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Index version 1. All integers are big-endian.
///
/// Header:
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 1 | 1 |
/// | 1 | 1 | key size; 255 in an index without entries |
/// | 2 | 2 | value size, 20 |
/// | 4 | 4 | entries |
///
/// Entry: the key, then
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 6 | Unix seconds |
/// | 6 | 1 | format version |
/// | 7 | 1 | length of the pack's name |
/// | 8 | 4 | offset of the pack's name in the blob |
/// | 12 | 4 | bit 31: tombstone; bits 0..30: offset in the pack |
/// | 16 | 4 | stored length |
///
/// Then the pack names, each once. The plain length is not stored: it is the stored length less the
/// 28 bytes of the cipher.
///
/// Source: kopia 4ebb2be6c `repo/content/index/index_v1.go`.
final class IndexLayoutV1 extends IndexLayout {
  static final int HEADER_LENGTH = 8;
  static final int VALUE_LENGTH = 20;
  static final int CIPHER_OVERHEAD = 28;
  static final int UNKNOWN_KEY_LENGTH = 255;

  private final long[] packKeys;
  private final BlobId[] packs;

  IndexLayoutV1(MemorySegment bytes) throws CorruptException {
    super(bytes, HEADER_LENGTH, VALUE_LENGTH, VALUE_LENGTH);
    for (int i = 0; i < size; i++) {
      if (bytes.get(INT, valueOffset(i) + 16) < 0) {
        throw corrupt(valueOffset(i) + 16, "stored length above 2^31");
      }
    }
    this.packKeys = distinctPackKeys();
    this.packs = new BlobId[packKeys.length];
    long total = 0;
    for (int i = 0; i < packs.length; i++) {
      total += packKeys[i] & 0xff;
    }
    checkNameBytes(total);
    for (int i = 0; i < packs.length; i++) {
      packs[i] = packName(-1, packKeys[i] >>> 8, (int) (packKeys[i] & 0xff));
    }
  }

  private long[] distinctPackKeys() {
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = packKey(i);
    }
    Arrays.sort(keys);
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || keys[i] != keys[i - 1]) {
        keys[distinct++] = keys[i];
      }
    }
    return Arrays.copyOf(keys, distinct);
  }

  /// Offset and length of the pack's name in one number.
  private long packKey(int position) {
    long value = valueOffset(position);
    return (bytes.get(INT, value + 8) & 0xffff_ffffL) << 8 | unsignedByte(value + 7);
  }

  @Override
  int version() {
    return 1;
  }

  @Override
  BlobId[] packs() {
    return packs;
  }

  @Override
  int packNumber(int position) {
    return Arrays.binarySearch(packKeys, packKey(position));
  }

  @Override
  int packOffset(int position) {
    return bytes.get(INT, valueOffset(position) + 12) & Integer.MAX_VALUE;
  }

  @Override
  int packedLength(int position) {
    return bytes.get(INT, valueOffset(position) + 16);
  }

  @Override
  int originalLength(int position) {
    return Math.max(0, packedLength(position) - CIPHER_OVERHEAD);
  }

  @Override
  int compressionHeaderId(int position) {
    return 0;
  }

  @Override
  boolean isDeleted(int position) {
    return bytes.get(INT, valueOffset(position) + 12) < 0;
  }

  @Override
  long timestampSeconds(int position) {
    long value = valueOffset(position);
    return (bytes.get(SHORT, value) & 0xffffL) << 32 | (bytes.get(INT, value + 2) & 0xffff_ffffL);
  }

  @Override
  int formatVersion(int position) {
    return unsignedByte(valueOffset(position) + 6);
  }

  @Override
  int encryptionKeyId(int position) {
    return 0;
  }
}
