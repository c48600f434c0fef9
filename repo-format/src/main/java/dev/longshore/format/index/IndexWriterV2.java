package dev.longshore.format.index;

import static dev.longshore.format.index.IndexEncoder.check;

import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes what [IndexLayoutV2] reads, with the shortest value that holds all entries and base time
/// 0.
final class IndexWriterV2 {
  static final int MAX_PACKS = 1 << 24;
  static final int MAX_FORMATS = 255;
  static final int MAX_LENGTH = (1 << 28) - 1;
  static final int MAX_PACK_OFFSET = (1 << 30) - 1;
  private static final int SHORT_PACKS = 1 << 16;
  private static final int SHORT_LENGTH = (1 << 24) - 1;

  private final IndexEncoder.Contents contents;
  private final int valueLength;

  IndexWriterV2(IndexEncoder.Contents contents) {
    this.contents = contents;
    if (contents.packs.size() > MAX_PACKS || contents.formats.size() > MAX_FORMATS) {
      throw new IllegalArgumentException(
          "index 2 cannot hold %d packs and %d formats"
              .formatted(contents.packs.size(), contents.formats.size()));
    }
    this.valueLength =
        contents.maxLength > SHORT_LENGTH
            ? 19
            : contents.packs.size() > SHORT_PACKS ? 18 : contents.formats.size() > 1 ? 17 : 16;
  }

  byte[] write(Iterable<IndexEntry> sorted, int trailerLength) {
    int stride = contents.keyLength + valueLength;
    long namesOffset =
        IndexLayoutV2.HEADER_LENGTH
            + (long) stride * contents.count
            + (long) IndexLayoutV2.PACK_LENGTH * contents.packs.size()
            + (long) IndexLayoutV2.FORMAT_LENGTH * contents.formats.size();
    long length = namesOffset + contents.nameBytes + trailerLength;
    ByteBuffer out = ByteBuffer.allocate(IndexEncoder.arrayLength(length));
    out.put((byte) 2).put((byte) contents.keyLength).putShort((short) valueLength);
    out.putInt(contents.count).putInt(contents.packs.size());
    out.put((byte) contents.formats.size()).putInt(0);
    for (IndexEntry entry : sorted) {
      writeEntry(entry, out);
    }
    int nameOffset = (int) namesOffset;
    for (BlobId pack : contents.packs.keySet()) {
      out.put((byte) pack.value().length()).putInt(nameOffset);
      nameOffset += pack.value().length();
    }
    for (IndexEncoder.Format format : contents.formats.keySet()) {
      out.putInt(format.compressionHeaderId());
      out.put((byte) format.formatVersion()).put((byte) format.encryptionKeyId());
    }
    for (BlobId pack : contents.packs.keySet()) {
      out.put(pack.value().getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.array();
  }

  private void writeEntry(IndexEntry entry, ByteBuffer out) {
    long seconds = entry.timestampSeconds();
    int original = entry.originalLength();
    int packed = entry.packedLength();
    check(seconds >= 0 && seconds < 1L << 32, "time", entry);
    check(entry.packOffset() >= 0 && entry.packOffset() <= MAX_PACK_OFFSET, "offset", entry);
    check(original >= 0 && original <= MAX_LENGTH, "plain length", entry);
    check(packed >= 0 && packed <= MAX_LENGTH, "stored length", entry);
    check(entry.formatVersion() >= 0 && entry.formatVersion() <= 255, "format version", entry);
    check(entry.encryptionKeyId() >= 0 && entry.encryptionKeyId() <= 255, "key id", entry);
    int pack = contents.packIndex(entry);
    entry.contentId().putKey(out);
    out.putInt((int) seconds);
    out.putInt(entry.deleted() ? entry.packOffset() | Integer.MIN_VALUE : entry.packOffset());
    out.put((byte) (original >>> 16)).putShort((short) original);
    out.put((byte) (packed >>> 16)).putShort((short) packed);
    out.putShort((short) pack);
    if (valueLength >= 17) {
      out.put((byte) contents.formatIndex(entry));
    }
    if (valueLength >= 18) {
      out.put((byte) (pack >>> 16));
    }
    if (valueLength >= 19) {
      out.put((byte) (original >>> 24 << 4 | packed >>> 24));
    }
  }
}
