package dev.longshore.format.index;

import dev.longshore.format.id.ContentId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Collects entries and encodes them as plain index blobs.
///
/// Entries come in any order; of several for one id the one in force stays
/// ([IndexEntry#supersedes]). All ids must have the same hash length. Not thread-safe.
public final class IndexBuilder {
  /// Entries above which an index is cut in shards.
  public static final int MAX_ENTRIES_PER_SHARD = 16_000_000;

  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private final Map<ContentId, IndexEntry> entries = new HashMap<>();

  /// An index without entries.
  public IndexBuilder() {}

  /// A builder of these entries.
  public static IndexBuilder of(Iterable<IndexEntry> entries) {
    IndexBuilder builder = new IndexBuilder();
    builder.addAll(entries);
    return builder;
  }

  /// Adds an entry.
  public void add(IndexEntry entry) {
    entries.merge(entry.contentId(), entry, (old, added) -> added.supersedes(old) ? added : old);
  }

  /// Adds entries.
  public void addAll(Iterable<IndexEntry> added) {
    added.forEach(this::add);
  }

  /// The number of ids.
  public int size() {
    return entries.size();
  }

  /// Forgets all entries.
  public void clear() {
    entries.clear();
  }

  /// The entries in the order of their ids, as a list of its own.
  public List<IndexEntry> sorted() {
    return sorted(entries.values());
  }

  private static List<IndexEntry> sorted(Collection<IndexEntry> unsorted) {
    List<IndexEntry> sorted = new ArrayList<>(unsorted);
    sorted.sort(Comparator.comparing(IndexEntry::contentId));
    return sorted;
  }

  /// One index blob of all entries.
  ///
  /// @param version 1 or 2
  /// @param trailer where 32 trailing random bytes come from; null for none
  /// @throws IllegalArgumentException if an entry exceeds what the version can hold
  public byte[] build(int version, @Nullable RandomGenerator trailer) {
    return IndexEncoder.encode(version, sorted(), trailer);
  }

  /// One index blob per shard; usually one, none without entries. An entry's shard is the FNV-1a
  /// hash of its id's text modulo the number of shards.
  ///
  /// @param maxEntriesPerShard [#MAX_ENTRIES_PER_SHARD] outside tests
  /// @throws IllegalArgumentException if an entry exceeds what the version can hold
  public List<byte[]> buildShards(
      int version, int maxEntriesPerShard, @Nullable RandomGenerator trailer) {
    int count = Math.ceilDiv(entries.size(), maxEntriesPerShard);
    if (count == 0) {
      return List.of();
    }
    if (count == 1) {
      return List.of(build(version, trailer));
    }
    List<List<IndexEntry>> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(new ArrayList<>());
    }
    for (IndexEntry entry : entries.values()) {
      shards.get(shardOf(entry.contentId(), count)).add(entry);
    }
    List<byte[]> blobs = new ArrayList<>();
    for (List<IndexEntry> shard : shards) {
      if (!shard.isEmpty()) {
        blobs.add(IndexEncoder.encode(version, sorted(shard), trailer));
      }
    }
    return blobs;
  }

  /// The shard of an id among `count`.
  static int shardOf(ContentId id, int count) {
    String text = id.toString();
    int hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return Integer.remainderUnsigned(hash, count);
  }
}
