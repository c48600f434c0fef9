package dev.longshore.bench.jmh;

import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.index.MergedIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Building index blobs and looking contents up in eight of them.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class IndexJmh {
  private static final int BLOBS = 8;

  /// Entries of each blob.
  @Param({"10000", "200000"})
  public int entries = 10_000;

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<IndexEntry> one = new ArrayList<>();
  private final List<ContentId> known = new ArrayList<>();
  private final List<ContentId> unknown = new ArrayList<>();
  private MergedIndex merged = new MergedIndex(List.of());
  private int next;

  /// Makes the indexes.
  @Setup
  public void prepare() throws FormatException {
    List<IndexReader> readers = new ArrayList<>();
    for (int blob = 0; blob < BLOBS; blob++) {
      IndexBuilder builder = new IndexBuilder();
      for (int i = 0; i < entries; i++) {
        IndexEntry entry = entry(id(), i);
        builder.add(entry);
        known.add(entry.contentId());
        unknown.add(id());
        if (blob == 0) {
          one.add(entry);
        }
      }
      readers.add(IndexReader.open(builder.build(2, null)));
    }
    merged = new MergedIndex(readers);
  }

  private ContentId id() {
    byte[] hash = new byte[16];
    random.nextBytes(hash);
    return ContentId.of(ContentId.NO_PREFIX, hash);
  }

  private static IndexEntry entry(ContentId id, int n) {
    BlobId pack = new BlobId("p%032x-s%016x".formatted(n / 100, 1));
    return new IndexEntry(id, pack, n % 100 * 1000, 1000, 972, 0, false, 1_700_000_000L, 2, 0);
  }

  private int random() {
    // Steps of a prime: far apart, and no cost of their own.
    next = (next + 982_451) % known.size();
    return next;
  }

  /// Looks a content up that is there.
  @Benchmark
  public Optional<IndexEntry> findKnown() {
    return merged.find(known.get(random()));
  }

  /// Looks a content up that is not there.
  @Benchmark
  public Optional<IndexEntry> findUnknown() {
    return merged.find(unknown.get(random()));
  }

  /// Sorts and encodes the entries of one blob.
  @Benchmark
  public byte[] build() {
    return IndexBuilder.of(one).build(2, null);
  }
}
