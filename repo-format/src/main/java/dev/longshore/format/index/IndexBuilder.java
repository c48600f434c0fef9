package dev.longshore.format.index;

import dev.longshore.format.id.ContentId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Collects entries of a session or a pack. What may be too large for memory goes from a
/// [MergedIndex] through [IndexShards] instead.
///
/// Entries come in any order; of several for one id the one in force stays
/// ([IndexEntry#supersedes]). All ids must have the same hash length. Not thread-safe.
public final class IndexBuilder {
  /// Entries above which an index is cut in shards.
  public static final int MAX_ENTRIES_PER_SHARD = 16_000_000;

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
    List<IndexEntry> sorted = new ArrayList<>(entries.values());
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

  /// One index blob per shard, see [IndexShards]; usually one, none without entries.
  ///
  /// @param maxEntriesPerShard [#MAX_ENTRIES_PER_SHARD] outside tests
  /// @throws IllegalArgumentException if an entry exceeds what the version can hold
  public List<byte[]> buildShards(
      int version, int maxEntriesPerShard, @Nullable RandomGenerator trailer) {
    IndexShards shards = IndexShards.of(sorted(), maxEntriesPerShard);
    List<byte[]> blobs = new ArrayList<>();
    for (int shard = 0; shard < shards.count(); shard++) {
      blobs.add(shards.encode(shard, version, trailer));
    }
    return blobs;
  }
}
