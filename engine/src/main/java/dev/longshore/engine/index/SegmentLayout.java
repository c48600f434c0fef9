package dev.longshore.engine.index;

import dev.longshore.crypto.hash.SipHash;
import dev.longshore.format.id.ContentId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Where what is in a segment file. A local format: another version is another magic, and a file
/// that is not understood is made anew. All integers are big-endian.
///
/// The file is pages of 1024 bytes, the last 8 of each its tag: the SipHash-2-4 of the page with
/// its number (8 bytes) in the tag's place, under a key made of the repository's secret and the
/// file's salt. So a page is believed only in its place, in its file, for its repository. A pack's
/// name, which is read by itself, has a tag of its own: over its length, the name, and in the tag's
/// place the slot's position in the file (8).
///
/// | pages | what |
/// |---|---|
/// | 1 | header |
/// | P | entries in the order of their ids |
/// | ceil(4 P / 1016) | heads: of each page of entries the first 4 bytes of its first id's hash |
/// | ceil(packs / (1016 / slot)) | pack names in slots of equal size, none across two pages: length (2), the name, a tag (8) |
/// | … | formats: compression header id (4), format version (1), encryption key id (1) each; then the names of the merged index blobs, each with a line feed |
///
/// Header:
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 8 | `LSINDEX1` |
/// | 8 | 16 | salt |
/// | 24 | 4 | key size K |
/// | 28 | 8 | entries |
/// | 36 | 4 | pages of entries, P |
/// | 40 | 4 | packs |
/// | 44 | 4 | size of a pack's slot |
/// | 48 | 4 | formats |
/// | 52 | 4 | bytes of the names of index blobs |
/// | 56 | 4 × 22 | for each prefix in the order of ids (none, `g`..`z`) the first page of its entries, 0 being the first of all; then P |
///
/// Page of entries: their number (2), then that many; all have the same prefix. Entry: the key (K),
/// then
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 6 | Unix seconds |
/// | 6 | 4 | bit 31: tombstone; bits 0..30: offset in the pack |
/// | 10 | 4 | stored length |
/// | 14 | 4 | plain length |
/// | 18 | 2 | format |
/// | 20 | 4 | pack |
final class SegmentLayout {
  static final int PAGE_BYTES = 1024;
  static final int DATA_BYTES = PAGE_BYTES - Long.BYTES;
  static final int COUNT_BYTES = 2;
  static final int VALUE_BYTES = 24;
  static final int FORMAT_BYTES = 6;

  /// What a slot takes besides the name.
  static final int SLOT_OVERHEAD = COUNT_BYTES + Long.BYTES;

  static final int SALT_BYTES = 16;
  static final int PREFIXES = 22;
  static final int HEADS_PER_PAGE = DATA_BYTES / Integer.BYTES;
  static final long MAGIC = 0x4c53494e44455831L;
  static final String PURPOSE = "longshore index segment";

  static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private SegmentLayout() {}

  /// The place of a prefix in the order of ids.
  static int slot(char prefix) {
    return prefix == ContentId.NO_PREFIX ? 0 : prefix - 'g' + 1;
  }

  static int entriesPerPage(int keyLength) {
    return (DATA_BYTES - COUNT_BYTES) / (keyLength + VALUE_BYTES);
  }

  static long pagesFor(long bytes) {
    return Math.ceilDiv(bytes, (long) DATA_BYTES);
  }

  /// The tag of a pack's slot that begins an array; the tag's place is overwritten.
  static long slotTag(SipHash hash, byte[] slot, int end, long position) {
    LONGS.set(slot, end, position);
    return hash.hash(slot, 0, end + Long.BYTES);
  }

  /// The tag of a page that lies in a larger array; the tag's place is overwritten.
  static long tag(SipHash hash, byte[] pages, int offset, long number) {
    LONGS.set(pages, offset + DATA_BYTES, number);
    return hash.hash(pages, offset, PAGE_BYTES);
  }
}
