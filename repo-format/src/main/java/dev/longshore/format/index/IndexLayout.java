package dev.longshore.format.index;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Where the parts of an index blob are: a header, then entries of fixed size in the order of their
/// keys. The versions differ in the header and in what an entry's value is.
abstract sealed class IndexLayout permits IndexLayoutV1, IndexLayoutV2 {
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Prefixes in the order of ids: none, `g`..`z`; one more for the end.
  private static final int PREFIX_SLOTS = 22;

  final MemorySegment bytes;
  final int size;
  final int keyLength;
  final int valueLength;
  final long entriesOffset;
  private final int[] prefixStarts;

  /// @param bytes at least the header
  /// @throws CorruptException if a size is out of bounds or the entries do not fit in the bytes
  IndexLayout(MemorySegment bytes, int headerLength, int minValueLength, int maxValueLength)
      throws CorruptException {
    this.bytes = bytes;
    long count = bytes.get(INT, 4) & 0xffff_ffffL;
    this.keyLength = unsignedByte(1);
    this.valueLength = bytes.get(SHORT, 2) & 0xffff;
    if (valueLength < minValueLength || valueLength > maxValueLength) {
      throw corrupt(
          2,
          "expected a value size of %d..%d, found %d"
              .formatted(minValueLength, maxValueLength, valueLength));
    }
    this.entriesOffset = headerLength;
    long room = (bytes.byteSize() - headerLength) / (keyLength + valueLength);
    if (count > room || count > Integer.MAX_VALUE) {
      throw corrupt(4, "expected at most " + room + " entries, found " + count);
    }
    this.size = (int) count;
    if (size > 0 && (keyLength < 2 || keyLength > ContentId.MAX_HASH_BYTES + 1)) {
      throw corrupt(1, "expected a key size of 2..33, found " + keyLength);
    }
    this.prefixStarts = new int[PREFIX_SLOTS];
  }

  /// Checks that keys ascend and begin with a prefix; notes where each prefix begins.
  final void checkKeys() throws CorruptException {
    int slot = 0;
    for (int i = 0; i < size; i++) {
      long offset = keyOffset(i);
      char prefix = (char) (bytes.get(BYTE, offset) & 0xff);
      if (!ContentId.isPrefix(prefix)) {
        throw corrupt(offset, "expected an id prefix, found byte " + (int) prefix);
      }
      for (int found = slot(prefix); slot < found; ) {
        prefixStarts[++slot] = i;
      }
      if (i > 0 && !ascends(offset - keyLength - valueLength, offset)) {
        throw corrupt(offset, "entries are not in the order of their ids");
      }
    }
    while (slot < PREFIX_SLOTS - 1) {
      prefixStarts[++slot] = size;
    }
  }

  private boolean ascends(long before, long after) {
    for (int i = 0; i < keyLength; i++) {
      int difference = (bytes.get(BYTE, after + i) & 0xff) - (bytes.get(BYTE, before + i) & 0xff);
      if (difference != 0) {
        return difference > 0;
      }
    }
    return false;
  }

  private static int slot(char prefix) {
    return prefix == ContentId.NO_PREFIX ? 0 : prefix - 'g' + 1;
  }

  /// The position of the first entry whose prefix is not below `prefix`, which need not be one.
  final int prefixStart(char prefix) {
    if (prefix == ContentId.NO_PREFIX) {
      return 0;
    }
    return prefixStarts[prefix <= 'g' ? 1 : Math.min(slot(prefix), PREFIX_SLOTS - 1)];
  }

  final long keyOffset(int position) {
    return entriesOffset + (long) (keyLength + valueLength) * position;
  }

  final long valueOffset(int position) {
    return keyOffset(position) + keyLength;
  }

  final ContentId contentId(int position) {
    byte[] key = new byte[keyLength];
    MemorySegment.copy(bytes, BYTE, keyOffset(position), key, 0, keyLength);
    return ContentId.ofKey(key, 0, keyLength);
  }

  final int unsignedByte(long offset) {
    return bytes.get(BYTE, offset) & 0xff;
  }

  /// Reads a pack name at an absolute offset.
  final BlobId packName(long at, long offset, int length) throws CorruptException {
    if (offset > bytes.byteSize() - length) {
      throw corrupt(at, "pack name at " + offset + ", " + length + " bytes, is outside");
    }
    byte[] name = bytes.asSlice(offset, length).toArray(BYTE);
    String text = new String(name, StandardCharsets.ISO_8859_1);
    if (!BlobId.isValid(text)) {
      throw corrupt(offset, "expected a blob name of " + length + " bytes");
    }
    return new BlobId(text);
  }

  /// Refuses tables whose names overlap: they could fill more memory than the bytes justify.
  final void checkNameBytes(long total) throws CorruptException {
    if (total > bytes.byteSize()) {
      throw corrupt(-1, "pack names of " + total + " bytes in all do not fit");
    }
  }

  final CorruptException corrupt(long offset, String problem) {
    return new CorruptException("index v" + version(), offset, problem);
  }

  abstract int version();

  /// The packs by number.
  abstract BlobId[] packs();

  abstract int packNumber(int position);

  final BlobId packBlobId(int position) {
    return packs()[packNumber(position)];
  }

  abstract int packOffset(int position);

  abstract int packedLength(int position);

  abstract int originalLength(int position);

  abstract int compressionHeaderId(int position);

  abstract boolean isDeleted(int position);

  abstract long timestampSeconds(int position);

  abstract int formatVersion(int position);

  abstract int encryptionKeyId(int position);
}
