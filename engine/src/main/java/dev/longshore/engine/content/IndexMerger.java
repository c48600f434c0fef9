package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.index.IndexCache;
import dev.longshore.engine.index.MergedEntries;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEncoder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Merges index blobs into few, in memory that does not grow with them: what is too large to be
/// held is merged in a file of the client's cache, and written in shards that fit.
final class IndexMerger {
  private static final int PARALLEL_GETS = 8;

  /// A shard is in memory as its entries' bytes, and again as it is sealed.
  private static final int ENTRY_BYTES = 120;

  private static final int SHARD_SHARE = 4;

  private final IndexBlobs blobs;
  private final int indexVersion;
  private final Optional<IndexCache> cache;
  private final IndexLoader.Limits limits;
  private final int maxEntriesPerShard;

  /// @param cache where what is too large for memory is merged; empty for nowhere
  /// @param maxEntriesPerShard [#entriesPerShard] outside tests
  IndexMerger(
      IndexBlobs blobs,
      int indexVersion,
      Optional<IndexCache> cache,
      IndexLoader.Limits limits,
      int maxEntriesPerShard) {
    this.blobs = blobs;
    this.indexVersion = indexVersion;
    this.cache = cache;
    this.limits = limits;
    this.maxEntriesPerShard = maxEntriesPerShard;
  }

  /// Entries of a shard that fits in this process's memory.
  static int entriesPerShard() {
    long fit = MemoryBudget.ofProcess().heapBytes() / SHARD_SHARE / ENTRY_BYTES;
    return (int) Math.min(fit, IndexBuilder.MAX_ENTRIES_PER_SHARD);
  }

  /// The merge of some index blobs: for each id the entry in force among them, tombstones too.
  Merge merge(List<BlobMetadata> inputs) throws RepositoryException {
    long bytes = inputs.stream().mapToLong(BlobMetadata::lengthBytes).sum();
    boolean fits = bytes <= limits.usual();
    if (!fits && cache.isPresent() && cache.get().isWritable()) {
      return new Merge(new MergedEntries(List.of(cache.get().merge(inputs, blobs)), List.of()));
    }
    if (!fits && bytes > limits.most()) {
      throw new UnsupportedException(
          "%d bytes of index blobs cannot be merged in memory, and there is no cache directory that can be written: give more --memory"
              .formatted(bytes));
    }
    return new Merge(new MergedEntries(List.of(), read(inputs)));
  }

  private List<IndexReader> read(List<BlobMetadata> inputs) throws RepositoryException {
    List<IndexReader> readers = new ArrayList<>();
    try (Scope scope = new Scope("merge index", PARALLEL_GETS)) {
      for (BlobMetadata input : inputs) {
        scope.fork(() -> {
          IndexReader reader = blobs.read(input.id());
          synchronized (readers) {
            readers.add(reader);
          }
        });
      }
      scope.join();
    }
    return readers;
  }

  /// Receives shards one after another.
  interface ShardWriter {
    /// @param plain an index blob that is not sealed
    /// @param count how many shards there are in all
    void write(byte[] plain, int count) throws RepositoryException;
  }

  /// Entries to be written.
  final class Merge {
    private final MergedEntries entries;

    Merge(MergedEntries entries) {
      this.entries = entries;
    }

    /// Writes the entries that are wanted, in as many shards as fit in memory.
    ///
    /// @param trailer where random bytes behind each shard come from; null for none
    void write(Predicate<IndexEntry> wanted, @Nullable RandomGenerator trailer, ShardWriter writer)
        throws RepositoryException {
      try {
        long total = 0;
        for (Iterator<IndexEntry> all = wanted(wanted); all.hasNext(); all.next()) {
          total++;
        }
        int shards = Math.toIntExact(Math.ceilDiv(total, maxEntriesPerShard));
        for (int shard = 0; shard < shards; shard++) {
          long start = (long) shard * maxEntriesPerShard;
          writer.write(
              IndexEncoder.encode(indexVersion, () -> slice(wanted, start), trailer), shards);
        }
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof RepositoryException fault) {
          throw fault;
        }
        throw e;
      }
    }

    private Iterator<IndexEntry> slice(Predicate<IndexEntry> wanted, long start) {
      Iterator<IndexEntry> all = wanted(wanted);
      for (long i = 0; i < start; i++) {
        all.next();
      }
      return new Iterator<>() {
        private int done;

        @Override
        public boolean hasNext() {
          return done < maxEntriesPerShard && all.hasNext();
        }

        @Override
        public IndexEntry next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          done++;
          return all.next();
        }
      };
    }

    private Iterator<IndexEntry> wanted(Predicate<IndexEntry> wanted) {
      Iterator<IndexEntry> all;
      try {
        all = entries.iterator();
      } catch (RepositoryException e) {
        throw new UncheckedIOException(e);
      }
      return new Iterator<>() {
        private @Nullable IndexEntry next = step();

        private @Nullable IndexEntry step() {
          while (all.hasNext()) {
            IndexEntry entry = all.next();
            if (wanted.test(entry)) {
              return entry;
            }
          }
          return null;
        }

        @Override
        public boolean hasNext() {
          return next != null;
        }

        @Override
        public IndexEntry next() {
          IndexEntry entry = next;
          if (entry == null) {
            throw new NoSuchElementException();
          }
          next = step();
          return entry;
        }
      };
    }
  }
}
