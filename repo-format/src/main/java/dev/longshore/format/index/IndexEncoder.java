package dev.longshore.format.index;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Encodes entries that are already in order, without holding more than the result and the table of
/// packs.
///
/// The layouts are documented with [IndexReader]'s package in `docs/format/index.md`.
///
/// Source: kopia 4ebb2be6c `repo/content/index/index_v1.go`, `index_v2.go`.
public final class IndexEncoder {
  /// Random bytes after the index in a pack's local index and in V0 compactions, so that equal
  /// entries give different blob names.
  public static final int TRAILER_BYTES = 32;

  /// A format table entry of index 2.
  record Format(int compressionHeaderId, int formatVersion, int encryptionKeyId) {}

  private IndexEncoder() {}

  /// Encodes an index.
  ///
  /// @param version 1 or 2
  /// @param sorted entries in strictly ascending order of their ids, all of one hash length;
  ///   iterated twice, and the same both times
  /// @param trailer where [#TRAILER_BYTES] trailing random bytes come from; null for none
  /// @throws IllegalArgumentException if the order is broken, or an entry exceeds what the version
  ///   can hold
  public static byte[] encode(
      int version, Iterable<IndexEntry> sorted, @Nullable RandomGenerator trailer) {
    Contents contents = new Contents();
    sorted.forEach(contents::add);
    byte[] index =
        switch (version) {
          case 1 -> new IndexWriterV1(contents).write(sorted, trailer == null ? 0 : TRAILER_BYTES);
          case 2 -> new IndexWriterV2(contents).write(sorted, trailer == null ? 0 : TRAILER_BYTES);
          default -> throw new IllegalArgumentException("index version " + version);
        };
    if (trailer != null) {
      byte[] random = new byte[TRAILER_BYTES];
      trailer.nextBytes(random);
      System.arraycopy(random, 0, index, index.length - TRAILER_BYTES, TRAILER_BYTES);
    }
    return index;
  }

  /// What must be known of all entries before the first is written.
  static final class Contents {
    final Map<BlobId, Integer> packs = new LinkedHashMap<>();
    final Map<Format, Integer> formats = new LinkedHashMap<>();
    int count;
    int keyLength;
    int maxLength;
    long nameBytes;
    private @Nullable ContentId last;

    void add(IndexEntry entry) {
      ContentId id = entry.contentId();
      if (last != null && (last.compareTo(id) >= 0 || last.keyLength() != id.keyLength())) {
        throw new IllegalArgumentException("entries are not in order, or of one hash length");
      }
      last = id;
      keyLength = id.keyLength();
      count = Math.addExact(count, 1);
      BlobId pack = entry.packBlobId();
      if (packs.putIfAbsent(pack, packs.size()) == null) {
        if (pack.value().length() > 255) {
          throw new IllegalArgumentException("pack name of " + pack.value().length() + " bytes");
        }
        nameBytes += pack.value().length();
      }
      formats.putIfAbsent(formatOf(entry), formats.size());
      maxLength = Math.max(maxLength, Math.max(entry.packedLength(), entry.originalLength()));
    }

    int packIndex(IndexEntry entry) {
      return found(packs.get(entry.packBlobId()));
    }

    int formatIndex(IndexEntry entry) {
      return found(formats.get(formatOf(entry)));
    }

    private static Format formatOf(IndexEntry entry) {
      return new Format(
          entry.compressionHeaderId(), entry.formatVersion(), entry.encryptionKeyId());
    }

    private static int found(@Nullable Integer index) {
      if (index == null) {
        throw new IllegalArgumentException("the entries changed while they were encoded");
      }
      return index;
    }
  }

  /// The length of an index as an array length.
  static int arrayLength(long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("index of " + length + " bytes");
    }
    return (int) length;
  }

  static void check(boolean holds, String what, IndexEntry entry) {
    if (!holds) {
      throw new IllegalArgumentException("index entry " + entry.contentId() + ": " + what);
    }
  }
}
