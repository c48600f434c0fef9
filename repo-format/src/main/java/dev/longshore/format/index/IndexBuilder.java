package dev.longshore.format.index;

import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Collects entries and encodes them as plain index blobs.
///
/// Entries come in any order; of several for one id the one in force stays
/// ([IndexEntry#supersedes]). All ids must have the same hash length. Not thread-safe.
public final class IndexBuilder {
  /// Entries above which an index is cut in shards.
  public static final int MAX_ENTRIES_PER_SHARD = 16_000_000;

  /// An index without entries.
  public IndexBuilder() {}

  /// Adds an entry.
  public void add(IndexEntry entry) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Adds entries.
  public void addAll(Iterable<IndexEntry> entries) {
    entries.forEach(this::add);
  }

  /// The number of ids.
  public int size() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Forgets all entries.
  public void clear() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The entries in the order of their ids.
  public List<IndexEntry> sorted() {
    throw new UnsupportedOperationException("not yet");
  }

  /// One index blob of all entries.
  ///
  /// @param version 1 or 2
  /// @param trailer where 32 trailing random bytes come from; null for none
  /// @throws IllegalArgumentException if an entry exceeds what the version can hold
  public byte[] build(int version, @Nullable RandomGenerator trailer) {
    throw new UnsupportedOperationException("not yet");
  }

  /// One index blob per shard; usually one, none without entries.
  ///
  /// @param maxEntriesPerShard [#MAX_ENTRIES_PER_SHARD] outside tests
  public List<byte[]> buildShards(
      int version, int maxEntriesPerShard, @Nullable RandomGenerator trailer) {
    throw new UnsupportedOperationException("not yet");
  }

  /// A builder of these entries.
  public static IndexBuilder of(Collection<IndexEntry> entries) {
    IndexBuilder builder = new IndexBuilder();
    builder.addAll(entries);
    return builder;
  }
}
