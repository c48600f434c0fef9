package dev.longshore.engine.index;

import static dev.longshore.engine.index.SegmentLayout.COUNT_BYTES;
import static dev.longshore.engine.index.SegmentLayout.INTS;
import static dev.longshore.engine.index.SegmentLayout.PAGE_BYTES;
import static dev.longshore.engine.index.SegmentLayout.SHORTS;
import static dev.longshore.engine.index.SegmentLayout.VALUE_BYTES;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexRow;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The merge of some index blobs in a local file; for each id the entry in force among them. Takes
/// 4 bytes of heap for each page of entries, whatever their number. Thread-safe.
///
/// A method that comes upon damage throws [DamagedException], and [#isDamaged] is true from then
/// on; the file is deleted then.
public final class Segment {
  /// What is known of an id.
  public enum State {
    ABSENT,
    DELETED,
    LIVE
  }

  private static final int PACKS_KEPT = 1 << 13;

  private final PageFile file;
  private final SegmentHead head;
  private final Set<BlobId> blobs;
  private final int[] formats;
  private final int[] heads;
  private final int stride;

  /// Names lately asked for, each in the place its number gives. Lost updates do no harm.
  private final KeptPack[] kept = new KeptPack[PACKS_KEPT];

  private record KeptPack(int number, BlobId name) {}

  private Segment(PageFile file, SegmentHead head, Set<BlobId> blobs, int[] formats, int[] heads) {
    this.file = file;
    this.head = head;
    this.blobs = blobs;
    this.formats = formats;
    this.heads = heads;
    this.stride = head.keyLength() + VALUE_BYTES;
  }

  /// Opens a segment of this repository.
  ///
  /// @throws DamagedException if it is not believable: damaged, cut, another's
  /// @throws IOException if it cannot be read
  static Segment open(Path path, RepositoryCrypto crypto) throws IOException {
    PageFile file = PageFile.open(path);
    SegmentHead head = SegmentHead.read(file, crypto);
    PageFile.Buffer buffer = new PageFile.Buffer(1);
    int[] heads = new int[head.entryPages()];
    for (int i = 0; i < heads.length; i++) {
      int at = i % SegmentLayout.HEADS_PER_PAGE;
      if (at == 0) {
        file.read(head.hash(), head.headsPage() + i / SegmentLayout.HEADS_PER_PAGE, 1, buffer);
      }
      heads[i] = (int) INTS.get(buffer.bytes, Integer.BYTES * at);
    }
    byte[] tail = head.readTail(file);
    int[] formats = new int[2 * head.formats()];
    for (int i = 0; i < head.formats(); i++) {
      int at = i * SegmentLayout.FORMAT_BYTES;
      formats[2 * i] = (int) INTS.get(tail, at);
      formats[2 * i + 1] = (short) SHORTS.get(tail, at + Integer.BYTES) & 0xffff;
    }
    int names = head.formats() * SegmentLayout.FORMAT_BYTES;
    return new Segment(file, head, head.blobNames(file, tail, names), formats, heads);
  }

  /// The index blobs it was made of.
  public Set<BlobId> blobs() {
    return blobs;
  }

  /// The number of entries.
  public long size() {
    return head.entries();
  }

  /// The length of its file.
  public long lengthBytes() {
    return file.length();
  }

  /// Tells whether damage was found in the file.
  public boolean isDamaged() {
    return file.isDamaged();
  }

  Path path() {
    return file.path();
  }

  int keyLength() {
    return head.keyLength();
  }

  /// The id's entry.
  public Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    PageFile.Buffer buffer = file.lease();
    try {
      int at = (int) locate(id, buffer);
      if (at < 0) {
        return Optional.empty();
      }
      IndexRow row = new IndexRow(head.keyLength());
      decode(buffer.bytes, at, row);
      return Optional.of(row.entry(pack(row.pack, buffer)));
    } finally {
      file.giveBack(buffer);
    }
  }

  /// What there is of an id; does not look for the pack's name.
  public State state(ContentId id) throws RepositoryException {
    PageFile.Buffer buffer = file.lease();
    try {
      int at = (int) locate(id, buffer);
      if (at < 0) {
        return State.ABSENT;
      }
      return isDeleted(buffer, at) ? State.DELETED : State.LIVE;
    } finally {
      file.giveBack(buffer);
    }
  }

  private boolean isDeleted(PageFile.Buffer buffer, int at) {
    return (int) INTS.get(buffer.bytes, at + head.keyLength() + 6) < 0;
  }

  /// The number of the id's entry, twice, and one more if it is a tombstone; -1 if there is none.
  long positionAndState(ContentId id) throws RepositoryException {
    PageFile.Buffer buffer = file.lease();
    try {
      long found = locate(id, buffer);
      int at = (int) found;
      if (at < 0) {
        return -1;
      }
      long position = position((int) (found >>> 32), (at - COUNT_BYTES) / stride);
      return position << 1 | (isDeleted(buffer, at) ? 1 : 0);
    } finally {
      file.giveBack(buffer);
    }
  }

  /// The number of an entry, by its page and its place there.
  long position(int page, int entry) {
    return (long) page * SegmentLayout.entriesPerPage(head.keyLength()) + entry;
  }

  /// One more than any number of an entry.
  long positions() {
    return position(head.entryPages(), 0);
  }

  /// The page of the id's entry in the upper half, its place in the buffer in the lower; -1 if
  /// there is none.
  private long locate(ContentId id, PageFile.Buffer buffer) throws RepositoryException {
    int slot = SegmentLayout.slot(id.prefix());
    int low = head.prefixPage(slot);
    int high = head.prefixPage(slot + 1);
    if (low == high || id.keyLength() != head.keyLength()) {
      return -1;
    }
    byte[] key = new byte[head.keyLength()];
    id.copyKeyTo(key, 0);
    int hashHead = (int) (id.hashHead() >>> 32);
    high = Math.max(low, firstAbove(low, high, hashHead) - 1);
    if (heads[high] == hashHead) {
      // Of pages that begin alike, and the one before, only the keys in them tell.
      low = hashHead == 0 ? low : Math.max(low, firstAbove(low, high, hashHead - 1) - 1);
    } else {
      low = high;
    }
    int inBuffer = -1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      file.read(head.hash(), 1 + middle, 1, buffer);
      inBuffer = middle;
      if (compare(buffer.bytes, COUNT_BYTES, key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (inBuffer != low) {
      file.read(head.hash(), 1 + low, 1, buffer);
    }
    int at = search(buffer.bytes, low, key);
    return at < 0 ? -1 : (long) low << 32 | at;
  }

  /// The first of the pages `low..high-1` whose head is above `wanted`; `high` if there is none.
  private int firstAbove(int low, int high, int wanted) {
    int from = low;
    int to = high;
    // Hashes are spread evenly, so the place is near the guess: about a tenth of the root of the
    // number of pages away.
    int step = 8 + (int) Math.sqrt(high - low) / 8;
    int probe = low + (int) (((wanted & 0xffff_ffffL) * (high - low)) >>> 32);
    if (probe < high && isAbove(probe, wanted)) {
      for (; probe >= from && isAbove(probe, wanted); step *= 2) {
        to = probe;
        probe -= Math.min(step, probe - from + 1);
      }
      from = Math.max(from, probe + 1);
    } else {
      for (; probe < to && !isAbove(probe, wanted); step *= 2) {
        from = probe + 1;
        probe += Math.min(step, to - probe);
      }
      to = Math.min(to, probe);
    }
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (isAbove(middle, wanted)) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  private boolean isAbove(int page, int wanted) {
    return Integer.compareUnsigned(heads[page], wanted) > 0;
  }

  private int search(byte[] page, int number, byte[] key) throws DamagedException {
    int low = 0;
    int high = count(page, 0, number);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int at = COUNT_BYTES + middle * stride;
      int order = compare(page, at, key);
      if (order == 0) {
        return at;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1;
  }

  private int compare(byte[] page, int at, byte[] key) {
    return Arrays.compareUnsigned(page, at, at + key.length, key, 0, key.length);
  }

  /// The number of entries in a page that lies in a larger array.
  int count(byte[] pages, int offset, int number) throws DamagedException {
    int count = (short) SHORTS.get(pages, offset) & 0xffff;
    if (count == 0 || count > SegmentLayout.entriesPerPage(head.keyLength())) {
      throw file.damaged(1 + number);
    }
    return count;
  }

  /// Fills a row from an entry.
  void decode(byte[] bytes, int at, IndexRow row) throws DamagedException {
    int value = at + head.keyLength();
    System.arraycopy(bytes, at, row.key, 0, head.keyLength());
    int place = (int) INTS.get(bytes, value + 6);
    int format = (short) SHORTS.get(bytes, value + 18) & 0xffff;
    row.timestampSeconds =
        ((short) SHORTS.get(bytes, value) & 0xffffL) << 32
            | ((int) INTS.get(bytes, value + 2) & 0xffff_ffffL);
    row.packOffset = place & Integer.MAX_VALUE;
    row.deleted = place < 0;
    row.packedLength = (int) INTS.get(bytes, value + 10);
    row.originalLength = (int) INTS.get(bytes, value + 14);
    row.pack = (int) INTS.get(bytes, value + 20);
    if (format >= head.formats() || row.pack < 0 || row.pack >= head.packs()) {
      throw file.damaged(0);
    }
    row.compressionHeaderId = formats[2 * format];
    row.formatVersion = formats[2 * format + 1] >>> 8;
    row.encryptionKeyId = formats[2 * format + 1] & 0xff;
  }

  /// The name of a pack.
  BlobId pack(int number) throws RepositoryException {
    PageFile.Buffer buffer = file.lease();
    try {
      return pack(number, buffer);
    } finally {
      file.giveBack(buffer);
    }
  }

  private BlobId pack(int number, PageFile.Buffer buffer) throws RepositoryException {
    int place = number & PACKS_KEPT - 1;
    KeptPack known = kept[place];
    if (known != null && known.number == number) {
      return known.name;
    }
    BlobId name = head.packName(file, buffer, number);
    kept[place] = new KeptPack(number, name);
    return name;
  }

  int packs() {
    return head.packs();
  }

  int longestPackName() {
    return head.slotBytes() - SegmentLayout.SLOT_OVERHEAD;
  }

  /// The entries with prefixes `first..last`.
  SegmentRun run(char first, char last) {
    return new SegmentRun(
        this,
        head.prefixPage(SegmentLayout.slot(first)),
        head.prefixPage(SegmentLayout.slot(last) + 1));
  }

  /// Reads pages of entries.
  void readEntries(int page, int count, PageFile.Buffer into) throws RepositoryException {
    file.read(head.hash(), 1 + page, count, into);
  }

  static PageFile.Buffer bufferOf(int pages) {
    return new PageFile.Buffer(pages);
  }

  @Override
  public String toString() {
    return "segment of " + size() + " entries in " + lengthBytes() / PAGE_BYTES + " pages";
  }
}
