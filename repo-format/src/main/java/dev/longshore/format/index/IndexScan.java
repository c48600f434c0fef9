package dev.longshore.format.index;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads a plain index blob, version 1 or 2, once from front to back, in memory that does not grow
/// with its entries: what [IndexReader] is for blobs that do not fit.
///
/// It refuses what that refuses, when it comes to it. For one owner. The layouts are those of
/// [IndexReader]'s package.
///
/// Source: kopia 4ebb2be6c `repo/content/index/index_v1.go`, `index_v2.go`.
public final class IndexScan {
  private static final int WINDOW_BYTES = 64 << 10;
  private static final int TABLE_WINDOW_BYTES = 16 << 10;
  private static final int MAX_HEADER_BYTES = IndexLayoutV2.HEADER_LENGTH;

  private final Bytes bytes;
  private final Window entries;
  private final Window names;
  private final Head head;
  private final IndexRow previous;
  private final Packs packs;
  private int next;

  /// Where the blob is.
  public interface Bytes {
    /// The blob's length.
    long size();

    /// Reads exactly so many bytes, which are inside the blob.
    void read(long position, byte[] into, int offset, int length) throws IOException;
  }

  /// What stands before the entries.
  private record Head(int version, int length, int keyLength, int valueLength, int count) {
    int stride() {
      return keyLength + valueLength;
    }

    long end() {
      return length + (long) stride() * count;
    }
  }

  private IndexScan(Bytes bytes, Head head) throws IOException {
    this.bytes = bytes;
    this.head = head;
    this.entries = new Window(bytes, WINDOW_BYTES);
    this.names = new Window(bytes, TABLE_WINDOW_BYTES);
    this.previous = new IndexRow(head.count == 0 ? 2 : head.keyLength);
    this.packs = head.version == 1 ? new PacksV1() : new PacksV2();
  }

  /// Opens a blob: reads its header, and in version 1 all entries to learn the packs.
  ///
  /// @throws dev.longshore.format.error.FormatException if it is no index of version 1 or 2
  public static IndexScan open(Bytes bytes) throws IOException {
    byte[] start = new byte[(int) Math.min(MAX_HEADER_BYTES, bytes.size())];
    bytes.read(0, start, 0, start.length);
    int version = start.length == 0 ? 0 : start[0];
    int length =
        switch (version) {
          case 1 -> IndexLayoutV1.HEADER_LENGTH;
          case 2 -> IndexLayoutV2.HEADER_LENGTH;
          default -> throw new UnsupportedFormatException("index version", "" + version, "1, 2");
        };
    if (start.length < length) {
      throw new CorruptException("index", 0, "expected " + length + " bytes at least");
    }
    int keyLength = start[1] & 0xff;
    int valueLength = (start[2] & 0xff) << 8 | (start[3] & 0xff);
    long count = number(start, 4, 4);
    boolean sizesFit =
        version == 1
            ? valueLength == IndexLayoutV1.VALUE_LENGTH
            : valueLength >= IndexLayoutV2.MIN_VALUE_LENGTH
                && valueLength <= IndexLayoutV2.MAX_VALUE_LENGTH;
    if (!sizesFit || (count > 0 && (keyLength < 2 || keyLength > ContentId.MAX_HASH_BYTES + 1))) {
      throw corrupt(version, 1, "sizes of keys and values: " + keyLength + ", " + valueLength);
    }
    if (count > (bytes.size() - length) / (keyLength + valueLength) || count > Integer.MAX_VALUE) {
      throw corrupt(version, 4, count + " entries do not fit");
    }
    return new IndexScan(bytes, new Head(version, length, keyLength, valueLength, (int) count));
  }

  private static long number(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }

  private static CorruptException corrupt(int version, long offset, String problem) {
    return new CorruptException("index v" + version, offset, problem);
  }

  /// The number of entries.
  public int size() {
    return head.count;
  }

  /// The length of the ids' binary form; meaningless without entries.
  public int keyLength() {
    return head.keyLength;
  }

  /// The number of packs, which have the numbers below it.
  public int packCount() {
    return packs.count();
  }

  /// The name of a pack. Asked for in ascending order, names are read in large pieces.
  ///
  /// @throws CorruptException if there is none
  public BlobId pack(int number) throws IOException {
    return packs.name(number);
  }

  /// Reads the next entry; false at the end.
  ///
  /// @throws CorruptException if the entry is none, or its id not above the one before
  public boolean next(IndexRow row) throws IOException {
    if (next == head.count) {
      return false;
    }
    long position = head.length + (long) head.stride() * next;
    int at = entries.at(position, head.stride());
    byte[] from = entries.buffer;
    System.arraycopy(from, at, row.key, 0, head.keyLength);
    checkKey(row.key, position);
    packs.decode(from, at + head.keyLength, row, position);
    next++;
    return true;
  }

  private void checkKey(byte[] key, long position) throws CorruptException {
    if (!ContentId.isPrefix((char) (key[0] & 0xff))) {
      throw corrupt(head.version, position, "expected an id prefix, found byte " + key[0]);
    }
    if (next > 0 && Arrays.compareUnsigned(previous.key, key) >= 0) {
      throw corrupt(head.version, position, "entries are not in the order of their ids");
    }
    System.arraycopy(key, 0, previous.key, 0, key.length);
  }

  private BlobId nameAt(long offset, int length) throws IOException {
    if (offset < head.length || offset > bytes.size() - length) {
      throw corrupt(head.version, offset, "a pack name of " + length + " bytes is outside");
    }
    int at = names.at(offset, length);
    String text = new String(names.buffer, at, length, StandardCharsets.ISO_8859_1);
    if (!BlobId.isValid(text)) {
      throw corrupt(head.version, offset, "expected a blob name of " + length + " bytes");
    }
    return new BlobId(text);
  }

  /// What the versions differ in.
  private sealed interface Packs {
    int count();

    BlobId name(int number) throws IOException;

    void decode(byte[] from, int value, IndexRow row, long position) throws IOException;
  }

  /// Packs are known by offset and length of their names, which are numbered in ascending order.
  private final class PacksV1 implements Packs {
    private static final int FIRST_ROOM = 1 << 12;

    private long[] keys = new long[FIRST_ROOM];
    private int count;

    PacksV1() throws IOException {
      for (int i = 0; i < head.count; i++) {
        long position = head.length + (long) head.stride() * i;
        int value = entries.at(position, head.stride()) + head.keyLength;
        if (count == keys.length) {
          compact();
          if (count > keys.length / 2) {
            keys = Arrays.copyOf(keys, 2 * keys.length);
          }
        }
        keys[count++] = key(entries.buffer, value);
      }
      compact();
      keys = Arrays.copyOf(keys, count);
      long total = 0;
      for (long key : keys) {
        total += key & 0xff;
      }
      if (total > bytes.size()) {
        throw corrupt(1, -1, "pack names of " + total + " bytes in all do not fit");
      }
    }

    /// Keeps each key once, in order.
    private void compact() {
      Arrays.sort(keys, 0, count);
      int distinct = 0;
      for (int i = 0; i < count; i++) {
        if (i == 0 || keys[i] != keys[i - 1]) {
          keys[distinct++] = keys[i];
        }
      }
      count = distinct;
    }

    private static long key(byte[] from, int value) {
      return number(from, value + 8, 4) << 8 | (from[value + 7] & 0xff);
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public BlobId name(int number) throws IOException {
      return nameAt(keys[number] >>> 8, (int) (keys[number] & 0xff));
    }

    @Override
    public void decode(byte[] from, int value, IndexRow row, long position)
        throws CorruptException {
      int place = (int) number(from, value + 12, 4);
      int packed = (int) number(from, value + 16, 4);
      if (packed < 0) {
        throw corrupt(1, position, "stored length above 2^31");
      }
      row.timestampSeconds = number(from, value, 6);
      row.formatVersion = from[value + 6] & 0xff;
      row.packOffset = place & Integer.MAX_VALUE;
      row.deleted = place < 0;
      row.packedLength = packed;
      row.originalLength = Math.max(0, packed - IndexLayoutV1.CIPHER_OVERHEAD);
      row.compressionHeaderId = 0;
      row.encryptionKeyId = 0;
      row.pack = Arrays.binarySearch(keys, key(from, value));
    }
  }

  private final class PacksV2 implements Packs {
    private final long baseTimestamp;
    private final int count;
    private final byte[] formats;
    private final Window table = new Window(bytes, TABLE_WINDOW_BYTES);

    PacksV2() throws IOException {
      byte[] rest = new byte[IndexLayoutV2.HEADER_LENGTH - 8];
      bytes.read(8, rest, 0, rest.length);
      long packCount = number(rest, 0, 4);
      this.formats = new byte[IndexLayoutV2.FORMAT_LENGTH * (rest[4] & 0xff)];
      this.baseTimestamp = number(rest, 5, 4);
      long room = bytes.size() - head.end() - formats.length;
      if (room < 0 || packCount > room / IndexLayoutV2.PACK_LENGTH) {
        throw corrupt(2, 8, packCount + " packs do not fit");
      }
      this.count = (int) packCount;
      bytes.read(head.end() + (long) count * IndexLayoutV2.PACK_LENGTH, formats, 0, formats.length);
      checkNameBytes();
    }

    private void checkNameBytes() throws IOException {
      long total = 0;
      for (int i = 0; i < count; i++) {
        int at = table.at(tableOffset(i), IndexLayoutV2.PACK_LENGTH);
        total += table.buffer[at] & 0xff;
      }
      if (total > bytes.size()) {
        throw corrupt(2, -1, "pack names of " + total + " bytes in all do not fit");
      }
    }

    private long tableOffset(int number) {
      return head.end() + (long) number * IndexLayoutV2.PACK_LENGTH;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public BlobId name(int number) throws IOException {
      int at = table.at(tableOffset(number), IndexLayoutV2.PACK_LENGTH);
      return nameAt(number(table.buffer, at + 1, 4), table.buffer[at] & 0xff);
    }

    @Override
    public void decode(byte[] from, int value, IndexRow row, long position)
        throws CorruptException {
      int place = (int) number(from, value + 4, 4);
      int pack = (int) number(from, value + 14, 2);
      int format = 0;
      int original = (int) number(from, value + 8, 3);
      int packed = (int) number(from, value + 11, 3);
      if (head.valueLength >= 17) {
        format = (from[value + 16] & 0xff) * IndexLayoutV2.FORMAT_LENGTH;
      }
      if (head.valueLength >= 18) {
        pack |= (from[value + 17] & 0xff) << 16;
      }
      if (head.valueLength >= 19) {
        original |= (from[value + 18] & 0xf0) << 20;
        packed |= (from[value + 18] & 15) << 24;
      }
      if (pack >= count || format >= formats.length) {
        throw corrupt(2, position, "pack " + pack + " or its format is not in the tables");
      }
      row.timestampSeconds = baseTimestamp + number(from, value, 4);
      row.packOffset = place & Integer.MAX_VALUE;
      row.deleted = place < 0;
      row.originalLength = original;
      row.packedLength = packed;
      row.compressionHeaderId = (int) number(formats, format, 4);
      row.formatVersion = formats[format + 4] & 0xff;
      row.encryptionKeyId = formats[format + 5] & 0xff;
      row.pack = pack;
    }
  }

  /// A part of the blob that moves forward as it is used up.
  private static final class Window {
    private final Bytes bytes;
    private final byte[] buffer;
    private long start;
    private int length;

    Window(Bytes bytes, int capacity) {
      this.bytes = bytes;
      this.buffer = new byte[capacity];
    }

    /// Where in the buffer a range of the blob begins, all of it being there.
    int at(long position, int wanted) throws IOException {
      if (position < start || position + wanted > start + length) {
        length = 0;
        int read = (int) Math.min(buffer.length, bytes.size() - position);
        bytes.read(position, buffer, 0, read);
        start = position;
        length = read;
      }
      return (int) (position - start);
    }
  }
}
