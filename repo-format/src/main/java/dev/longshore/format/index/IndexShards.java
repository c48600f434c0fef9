package dev.longshore.format.index;

import dev.longshore.format.id.ContentId;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// An index cut into shards, encoded one after the other so that a large one is never whole in
/// memory.
///
/// `ceil(entries / most per shard)` shards; an entry's shard is the FNV-1a hash (32 bits, unsigned)
/// of its id's text modulo that number. Shards without entries do not count.
///
/// Source: kopia 4ebb2be6c `repo/content/index/index_builder.go`.
public final class IndexShards {
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private final Iterable<IndexEntry> sorted;
  private final int modulus;
  private final int[] shards;

  private IndexShards(Iterable<IndexEntry> sorted, int modulus, int[] shards) {
    this.sorted = sorted;
    this.modulus = modulus;
    this.shards = shards;
  }

  /// Counts the entries; encodes nothing yet.
  ///
  /// @param sorted entries in strictly ascending order of their ids, all of one hash length; kept,
  ///   iterated several times, and the same each time. A [MergedIndex] is such
  /// @param maxEntriesPerShard [IndexBuilder#MAX_ENTRIES_PER_SHARD] outside tests
  public static IndexShards of(Iterable<IndexEntry> sorted, int maxEntriesPerShard) {
    long total = 0;
    for (IndexEntry _ : sorted) {
      total++;
    }
    int modulus = Math.toIntExact(Math.ceilDiv(total, maxEntriesPerShard));
    boolean[] used = new boolean[modulus];
    int count = modulus;
    if (modulus > 1) {
      count = 0;
      for (IndexEntry entry : sorted) {
        int shard = shardOf(entry.contentId(), modulus);
        count += used[shard] ? 0 : 1;
        used[shard] = true;
      }
    }
    int[] shards = new int[count];
    for (int shard = 0, i = 0; i < count; shard++) {
      if (modulus == 1 || used[shard]) {
        shards[i++] = shard;
      }
    }
    return new IndexShards(sorted, modulus, shards);
  }

  /// The number of shards with entries: 0 without entries, usually 1.
  public int count() {
    return shards.length;
  }

  /// One shard as an index blob.
  ///
  /// @param shard below [#count]
  /// @param version 1 or 2
  /// @param trailer where [IndexEncoder#TRAILER_BYTES] trailing random bytes come from; null for
  ///   none
  /// @throws IllegalArgumentException if an entry exceeds what the version can hold
  public byte[] encode(int shard, int version, @Nullable RandomGenerator trailer) {
    int wanted = shards[shard];
    return IndexEncoder.encode(
        version, modulus == 1 ? sorted : () -> new Filter(sorted.iterator(), wanted), trailer);
  }

  /// The shard of an id among `modulus`.
  static int shardOf(ContentId id, int modulus) {
    String text = id.toString();
    int hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return Integer.remainderUnsigned(hash, modulus);
  }

  /// The entries of one shard.
  private final class Filter implements Iterator<IndexEntry> {
    private final Iterator<IndexEntry> all;
    private final int wanted;
    private @Nullable IndexEntry next;

    Filter(Iterator<IndexEntry> all, int wanted) {
      this.all = all;
      this.wanted = wanted;
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && all.hasNext()) {
        IndexEntry entry = all.next();
        next = shardOf(entry.contentId(), modulus) == wanted ? entry : null;
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public IndexEntry next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      IndexEntry entry = next;
      advance();
      return entry;
    }
  }
}
