package dev.longshore.format.index;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import java.lang.foreign.MemorySegment;

/// Index version 2. All integers are big-endian.
///
/// Header:
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 1 | 2 |
/// | 1 | 1 | key size |
/// | 2 | 2 | value size, 16..19 |
/// | 4 | 4 | entries |
/// | 8 | 4 | packs |
/// | 12 | 1 | formats |
/// | 13 | 4 | base time, Unix seconds; kopia writes 0 |
///
/// Then entries, pack table, format table, pack names; each follows the one before. Entry: the key,
/// then
///
/// | offset | size | present if | value |
/// |---|---|---|---|
/// | 0 | 4 | always | seconds after the base time |
/// | 4 | 4 | always | bit 31: tombstone; bits 0..30: offset in the pack |
/// | 8 | 3 | always | plain length, bits 0..23 |
/// | 11 | 3 | always | stored length, bits 0..23 |
/// | 14 | 2 | always | pack, bits 0..15 |
/// | 16 | 1 | value size 17 or more | format; else 0 |
/// | 17 | 1 | value size 18 or more | pack, bits 16..23 |
/// | 18 | 1 | value size 19 | plain length, bits 24..27; stored length, bits 24..27 |
///
/// Pack: length of the name (1), offset of the name in the blob (4). Format: compression header id
/// (4), format version (1), encryption key id (1).
///
/// Source: kopia 4ebb2be6c `repo/content/index/index_v2.go`.
final class IndexLayoutV2 extends IndexLayout {
  static final int HEADER_LENGTH = 17;
  static final int MIN_VALUE_LENGTH = 16;
  static final int MAX_VALUE_LENGTH = 19;
  static final int PACK_LENGTH = 5;
  static final int FORMAT_LENGTH = 6;

  private final long baseTimestamp;
  private final BlobId[] packs;
  private final int formats;
  private final long formatsOffset;

  IndexLayoutV2(MemorySegment bytes) throws CorruptException {
    super(bytes, HEADER_LENGTH, MIN_VALUE_LENGTH, MAX_VALUE_LENGTH);
    long packCount = bytes.get(INT, 8) & 0xffff_ffffL;
    this.formats = unsignedByte(12);
    this.baseTimestamp = bytes.get(INT, 13) & 0xffff_ffffL;
    long packsOffset = keyOffset(size);
    long room = bytes.byteSize() - packsOffset - (long) formats * FORMAT_LENGTH;
    if (room < 0 || packCount > room / PACK_LENGTH) {
      throw corrupt(8, packCount + " packs and " + formats + " formats do not fit");
    }
    this.formatsOffset = packsOffset + packCount * PACK_LENGTH;
    this.packs = readPacks(packsOffset, (int) packCount);
    checkReferences();
  }

  private BlobId[] readPacks(long packsOffset, int count) throws CorruptException {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += unsignedByte(packsOffset + (long) i * PACK_LENGTH);
    }
    checkNameBytes(total);
    BlobId[] names = new BlobId[count];
    for (int i = 0; i < count; i++) {
      long at = packsOffset + (long) i * PACK_LENGTH;
      names[i] = packName(at, bytes.get(INT, at + 1) & 0xffff_ffffL, unsignedByte(at));
    }
    return names;
  }

  private void checkReferences() throws CorruptException {
    for (int i = 0; i < size; i++) {
      if (packNumber(i) >= packs.length) {
        throw corrupt(valueOffset(i) + 14, "expected one of " + packs.length + " packs");
      }
      if (formatIndex(i) >= formats) {
        throw corrupt(valueOffset(i), "expected one of " + formats + " formats");
      }
    }
  }

  @Override
  int packNumber(int position) {
    long value = valueOffset(position);
    int index = bytes.get(SHORT, value + 14) & 0xffff;
    return valueLength < 18 ? index : index | unsignedByte(value + 17) << 16;
  }

  private int formatIndex(int position) {
    return valueLength < 17 ? 0 : unsignedByte(valueOffset(position) + 16);
  }

  private long formatOffset(int position) {
    return formatsOffset + (long) formatIndex(position) * FORMAT_LENGTH;
  }

  private int low24(long offset) {
    return bytes.get(INT, offset) >>> 8;
  }

  private int highLengths(int position) {
    return valueLength < MAX_VALUE_LENGTH ? 0 : unsignedByte(valueOffset(position) + 18);
  }

  @Override
  int version() {
    return 2;
  }

  @Override
  BlobId[] packs() {
    return packs;
  }

  @Override
  int packOffset(int position) {
    return bytes.get(INT, valueOffset(position) + 4) & Integer.MAX_VALUE;
  }

  @Override
  int packedLength(int position) {
    return low24(valueOffset(position) + 11) | (highLengths(position) & 15) << 24;
  }

  @Override
  int originalLength(int position) {
    return low24(valueOffset(position) + 8) | highLengths(position) >>> 4 << 24;
  }

  @Override
  int compressionHeaderId(int position) {
    return bytes.get(INT, formatOffset(position));
  }

  @Override
  boolean isDeleted(int position) {
    return bytes.get(INT, valueOffset(position) + 4) < 0;
  }

  @Override
  long timestampSeconds(int position) {
    return baseTimestamp + (bytes.get(INT, valueOffset(position)) & 0xffff_ffffL);
  }

  @Override
  int formatVersion(int position) {
    return unsignedByte(formatOffset(position) + 4);
  }

  @Override
  int encryptionKeyId(int position) {
    return unsignedByte(formatOffset(position) + 5);
  }
}
