package dev.longshore.engine.index;

import static dev.longshore.engine.index.SegmentLayout.COUNT_BYTES;
import static dev.longshore.engine.index.SegmentLayout.DATA_BYTES;
import static dev.longshore.engine.index.SegmentLayout.INTS;
import static dev.longshore.engine.index.SegmentLayout.LONGS;
import static dev.longshore.engine.index.SegmentLayout.PAGE_BYTES;
import static dev.longshore.engine.index.SegmentLayout.PREFIXES;
import static dev.longshore.engine.index.SegmentLayout.SHORTS;

import dev.longshore.crypto.hash.SipHash;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.seal.RepositoryCrypto;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// The header of a segment: how much there is of what, and where.
///
/// @param prefixPages where the pages of each prefix begin, and where the last end; not to be
///   changed
@SuppressWarnings("ArrayRecordComponent") // never compared
record SegmentHead(
    SipHash hash,
    int keyLength,
    long entries,
    int entryPages,
    int packs,
    int slotBytes,
    int formats,
    int namesBytes,
    int[] prefixPages) {
  private static final int PREFIX_OFFSET = 56;

  /// Reads and checks the header; it tells the file's length, too.
  static SegmentHead read(PageFile file, RepositoryCrypto crypto) throws RepositoryException {
    if (file.length() < PAGE_BYTES) {
      throw file.damaged(0);
    }
    PageFile.Buffer buffer = new PageFile.Buffer(1);
    byte[] page = buffer.bytes;
    file.readUnchecked(0, PAGE_BYTES, buffer);
    byte[] salt = Arrays.copyOfRange(page, 8, 8 + SegmentLayout.SALT_BYTES);
    SipHash hash = crypto.localHash(SegmentLayout.PURPOSE, salt);
    file.read(hash, 0, 1, buffer);
    int[] prefixPages = new int[PREFIXES];
    for (int i = 0; i < PREFIXES; i++) {
      prefixPages[i] = (int) INTS.get(page, PREFIX_OFFSET + i * Integer.BYTES);
    }
    SegmentHead head =
        new SegmentHead(
            hash,
            (int) INTS.get(page, 24),
            (long) LONGS.get(page, 28),
            (int) INTS.get(page, 36),
            (int) INTS.get(page, 40),
            (int) INTS.get(page, 44),
            (int) INTS.get(page, 48),
            (int) INTS.get(page, 52),
            prefixPages);
    if ((long) LONGS.get(page, 0) != SegmentLayout.MAGIC || !head.isSound(file.length())) {
      throw file.damaged(0);
    }
    return head;
  }

  /// Tells whether the numbers are possible in a file of this length.
  private boolean isSound(long fileLength) {
    boolean inBounds =
        keyLength >= 2
            && keyLength <= ContentId.MAX_HASH_BYTES + 1
            && entryPages >= 0
            && packs >= 0
            && slotBytes > SegmentLayout.SLOT_OVERHEAD
            && slotBytes <= DATA_BYTES
            && formats >= 0
            && namesBytes >= 0
            && prefixPages[0] == 0
            && prefixPages[PREFIXES - 1] == entryPages;
    for (int i = 1; inBounds && i < PREFIXES; i++) {
      inBounds = prefixPages[i - 1] <= prefixPages[i];
    }
    return inBounds
        && fileLength == PAGE_BYTES * (tailPage() + SegmentLayout.pagesFor(tailBytes()));
  }

  void write(byte[] page, byte[] salt) {
    LONGS.set(page, 0, SegmentLayout.MAGIC);
    System.arraycopy(salt, 0, page, 8, salt.length);
    INTS.set(page, 24, keyLength);
    LONGS.set(page, 28, entries);
    INTS.set(page, 36, entryPages);
    INTS.set(page, 40, packs);
    INTS.set(page, 44, slotBytes);
    INTS.set(page, 48, formats);
    INTS.set(page, 52, namesBytes);
    for (int i = 0; i < PREFIXES; i++) {
      INTS.set(page, PREFIX_OFFSET + i * Integer.BYTES, prefixPages[i]);
    }
  }

  /// Where the pages of a prefix begin, counted from the first page of entries.
  ///
  /// @param slot of [SegmentLayout#slot]; one more for the end
  int prefixPage(int slot) {
    return prefixPages[slot];
  }

  long headsPage() {
    return 1L + entryPages;
  }

  long packsPage() {
    return headsPage() + Math.ceilDiv(entryPages, SegmentLayout.HEADS_PER_PAGE);
  }

  int packsPerPage() {
    return DATA_BYTES / slotBytes;
  }

  private long tailPage() {
    return packsPage() + Math.ceilDiv(packs, packsPerPage());
  }

  private long tailBytes() {
    return (long) formats * SegmentLayout.FORMAT_BYTES + namesBytes;
  }

  /// Reads formats and names.
  byte[] readTail(PageFile file) throws RepositoryException {
    byte[] tail = new byte[Math.toIntExact(tailBytes())];
    PageFile.Buffer buffer = new PageFile.Buffer(1);
    long page = tailPage();
    for (int at = 0; at < tail.length; at += DATA_BYTES) {
      file.read(hash, page++, 1, buffer);
      System.arraycopy(buffer.bytes, 0, tail, at, Math.min(DATA_BYTES, tail.length - at));
    }
    return tail;
  }

  Set<BlobId> blobNames(PageFile file, byte[] tail, int from) throws DamagedException {
    String text = new String(tail, from, tail.length - from, StandardCharsets.ISO_8859_1);
    Set<BlobId> names = new HashSet<>();
    for (String name : text.lines().toList()) {
      if (!BlobId.isValid(name)) {
        throw file.damaged(tailPage());
      }
      names.add(new BlobId(name));
    }
    return Set.copyOf(names);
  }

  /// The name of a pack.
  BlobId packName(PageFile file, PageFile.Buffer buffer, int number) throws RepositoryException {
    long page = packsPage() + number / packsPerPage();
    long position = page * PAGE_BYTES + (long) (number % packsPerPage()) * slotBytes;
    byte[] slot = buffer.bytes;
    file.readUnchecked(position, slotBytes, buffer);
    int length = (short) SHORTS.get(slot, 0) & 0xffff;
    if (length <= slotBytes - SegmentLayout.SLOT_OVERHEAD) {
      int end = COUNT_BYTES + length;
      long tag = (long) LONGS.get(slot, end);
      if (SegmentLayout.slotTag(hash, slot, end, position) == tag) {
        String text = new String(slot, COUNT_BYTES, length, StandardCharsets.ISO_8859_1);
        if (BlobId.isValid(text)) {
          return new BlobId(text);
        }
      }
    }
    throw file.damaged(page);
  }
}
