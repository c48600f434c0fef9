package dev.longshore.engine.index;

import static dev.longshore.engine.index.SegmentLayout.COUNT_BYTES;
import static dev.longshore.engine.index.SegmentLayout.INTS;
import static dev.longshore.engine.index.SegmentLayout.PREFIXES;
import static dev.longshore.engine.index.SegmentLayout.SHORTS;
import static dev.longshore.engine.index.SegmentLayout.VALUE_BYTES;

import dev.longshore.crypto.hash.SipHash;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexRow;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the merge of runs as a segment file. For one use by one owner.
///
/// Nothing is forced to the disk: what a power cut leaves is found out by its tags.
final class SegmentWriter {
  private static final int MAX_FORMATS = 1 << 16;
  private static final int MAX_ENTRY_PAGES = Integer.MAX_VALUE - 1;

  private record Format(int compressionHeaderId, int formatVersion, int encryptionKeyId) {}

  private final PageWriter out;
  private final SipHash hash;
  private final byte[] salt;
  private final int keyLength;
  private final int perPage;
  private final int[] prefixPages = new int[PREFIXES];
  private final Map<Format, Integer> formats = new HashMap<>();
  private @Nullable Format lastFormat;
  private int lastFormatNumber;

  private int[] heads = new int[1 << 10];
  private int pages;
  private long entries;
  private int onPage;
  private int slot;

  /// @param file empty
  /// @param salt [SegmentLayout#SALT_BYTES], used for no other file
  SegmentWriter(FileChannel file, RepositoryCrypto crypto, byte[] salt, int keyLength)
      throws IOException {
    this.hash = crypto.localHash(SegmentLayout.PURPOSE, salt);
    this.out = new PageWriter(file, hash);
    this.salt = salt;
    this.keyLength = keyLength;
    this.perPage = SegmentLayout.entriesPerPage(keyLength);
  }

  /// Writes the whole file.
  ///
  /// @param runs of ids of one length
  /// @param blobs what they were made of
  void write(List<? extends Run> runs, Collection<BlobId> blobs)
      throws IOException, RepositoryException {
    IdentityHashMap<Run, Integer> firstPacks = new IdentityHashMap<>();
    long packs = 0;
    for (Run run : runs) {
      firstPacks.put(run, (int) packs);
      packs += run.packCount();
    }
    if (packs > Integer.MAX_VALUE) {
      throw new UnsupportedException("index cache: " + packs + " packs");
    }
    RunMerge merge = new RunMerge(runs);
    for (Run run = merge.next(); run != null; run = merge.next()) {
      append(run.row(), firstPacks.getOrDefault(run, 0));
    }
    endEntries();
    int slotBytes = writePacks(runs);
    writeTail(blobs, (int) packs, slotBytes);
  }

  private void append(IndexRow row, int firstPack) throws IOException, UnsupportedException {
    int ofPrefix = SegmentLayout.slot((char) (row.key[0] & 0xff));
    if (onPage == perPage || ofPrefix != slot) {
      endPage();
      while (slot < ofPrefix) {
        prefixPages[++slot] = pages;
      }
    }
    byte[] page = out.page;
    int at = COUNT_BYTES + onPage * (keyLength + VALUE_BYTES);
    System.arraycopy(row.key, 0, page, at, keyLength);
    if (onPage++ == 0) {
      noteHead(row.key);
    }
    at += keyLength;
    SHORTS.set(page, at, (short) (row.timestampSeconds >>> 32));
    INTS.set(page, at + 2, (int) row.timestampSeconds);
    INTS.set(page, at + 6, row.deleted ? row.packOffset | Integer.MIN_VALUE : row.packOffset);
    INTS.set(page, at + 10, row.packedLength);
    INTS.set(page, at + 14, row.originalLength);
    SHORTS.set(page, at + 18, (short) formatNumber(row));
    INTS.set(page, at + 20, firstPack + row.pack);
    entries++;
  }

  private void noteHead(byte[] key) {
    if (pages == heads.length) {
      heads = Arrays.copyOf(heads, heads.length + (heads.length >>> 1));
    }
    int head = 0;
    for (int i = 1; i <= Integer.BYTES; i++) {
      head = head << 8 | (i < keyLength ? key[i] & 0xff : 0);
    }
    heads[pages] = head;
  }

  private int formatNumber(IndexRow row) throws UnsupportedException {
    Format last = lastFormat;
    if (last == null
        || last.compressionHeaderId != row.compressionHeaderId
        || last.formatVersion != row.formatVersion
        || last.encryptionKeyId != row.encryptionKeyId) {
      last = new Format(row.compressionHeaderId, row.formatVersion, row.encryptionKeyId);
      lastFormatNumber = formats.computeIfAbsent(last, format -> formats.size());
      if (lastFormatNumber >= MAX_FORMATS) {
        throw new UnsupportedException("index cache: more than " + MAX_FORMATS + " formats");
      }
      lastFormat = last;
    }
    return lastFormatNumber;
  }

  private void endPage() throws IOException, UnsupportedException {
    if (onPage > 0) {
      if (pages == MAX_ENTRY_PAGES) {
        throw new UnsupportedException("index cache: more than " + entries + " entries");
      }
      SHORTS.set(out.page, 0, (short) onPage);
      out.end();
      pages++;
      onPage = 0;
    }
  }

  private void endEntries() throws IOException, UnsupportedException {
    endPage();
    while (slot < PREFIXES - 1) {
      prefixPages[++slot] = pages;
    }
    for (int i = 0; i < pages; i++) {
      int at = i % SegmentLayout.HEADS_PER_PAGE;
      INTS.set(out.page, at * Integer.BYTES, heads[i]);
      if (at == SegmentLayout.HEADS_PER_PAGE - 1 || i == pages - 1) {
        out.end();
      }
    }
  }

  /// @return the size of a slot
  private int writePacks(List<? extends Run> runs) throws IOException, RepositoryException {
    int longest = 1;
    for (Run run : runs) {
      longest = Math.max(longest, run.longestPackName());
    }
    int slotBytes = longest + SegmentLayout.SLOT_OVERHEAD;
    int slots = SegmentLayout.DATA_BYTES / slotBytes;
    byte[] name = new byte[slotBytes];
    int used = 0;
    for (Run run : runs) {
      for (int pack = 0; pack < run.packCount(); pack++) {
        int at = used * slotBytes;
        byte[] text = run.pack(pack).value().getBytes(StandardCharsets.ISO_8859_1);
        int end = COUNT_BYTES + text.length;
        SHORTS.set(name, 0, (short) text.length);
        System.arraycopy(text, 0, name, COUNT_BYTES, text.length);
        long tag = SegmentLayout.slotTag(hash, name, end, out.position() + at);
        SegmentLayout.LONGS.set(name, end, tag);
        System.arraycopy(name, 0, out.page, at, end + Long.BYTES);
        if (++used == slots) {
          out.end();
          used = 0;
        }
      }
    }
    if (used > 0) {
      out.end();
    }
    return slotBytes;
  }

  private void writeTail(Collection<BlobId> blobs, int packs, int slotBytes) throws IOException {
    StringBuilder names = new StringBuilder();
    blobs.forEach(blob -> names.append(blob).append('\n'));
    byte[] text = names.toString().getBytes(StandardCharsets.ISO_8859_1);
    int formatBytes = formats.size() * SegmentLayout.FORMAT_BYTES;
    byte[] tail = new byte[formatBytes + text.length];
    formats.forEach((format, number) -> {
      int at = number * SegmentLayout.FORMAT_BYTES;
      INTS.set(tail, at, format.compressionHeaderId);
      tail[at + 4] = (byte) format.formatVersion;
      tail[at + 5] = (byte) format.encryptionKeyId;
    });
    System.arraycopy(text, 0, tail, formatBytes, text.length);
    out.putAll(tail);
    new SegmentHead(
            hash,
            keyLength,
            entries,
            pages,
            packs,
            slotBytes,
            formats.size(),
            text.length,
            prefixPages)
        .write(out.page, salt);
    out.endFirst();
  }
}
