package dev.longshore.format.index;

import static dev.longshore.format.index.IndexEncoder.check;

import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes what [IndexLayoutV1] reads.
final class IndexWriterV1 {
  private final IndexEncoder.Contents contents;
  private final int[] nameOffsets;

  IndexWriterV1(IndexEncoder.Contents contents) {
    this.contents = contents;
    this.nameOffsets = new int[contents.packs.size()];
  }

  byte[] write(Iterable<IndexEntry> sorted, int trailerLength) {
    int stride = contents.keyLength + IndexLayoutV1.VALUE_LENGTH;
    long namesOffset = IndexLayoutV1.HEADER_LENGTH + (long) stride * contents.count;
    long length = namesOffset + contents.nameBytes + trailerLength;
    ByteBuffer out = ByteBuffer.allocate(IndexEncoder.arrayLength(length));
    int named = 0;
    int nameOffset = (int) namesOffset;
    for (BlobId pack : contents.packs.keySet()) {
      nameOffsets[named++] = nameOffset;
      nameOffset += pack.value().length();
    }
    boolean empty = contents.count == 0;
    out.put((byte) 1);
    out.put((byte) (empty ? IndexLayoutV1.UNKNOWN_KEY_LENGTH : contents.keyLength));
    out.putShort((short) IndexLayoutV1.VALUE_LENGTH).putInt(contents.count);
    for (IndexEntry entry : sorted) {
      writeEntry(entry, out);
    }
    for (BlobId pack : contents.packs.keySet()) {
      out.put(pack.value().getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.array();
  }

  private void writeEntry(IndexEntry entry, ByteBuffer out) {
    long seconds = entry.timestampSeconds();
    check(seconds >= 0 && seconds < 1L << 48, "time", entry);
    check(entry.packOffset() >= 0 && entry.packedLength() >= 0, "place", entry);
    check(entry.formatVersion() >= 0 && entry.formatVersion() <= 255, "format version", entry);
    check(entry.compressionHeaderId() == 0, "index 1 holds no compression", entry);
    check(entry.encryptionKeyId() == 0, "index 1 holds no key id", entry);
    entry.contentId().putKey(out);
    out.putShort((short) (seconds >>> 32)).putInt((int) seconds);
    out.put((byte) entry.formatVersion());
    out.put((byte) entry.packBlobId().value().length());
    out.putInt(nameOffsets[contents.packIndex(entry)]);
    out.putInt(entry.deleted() ? entry.packOffset() | Integer.MIN_VALUE : entry.packOffset());
    out.putInt(entry.packedLength());
  }
}
