package dev.longshore.bench.jmh;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.DirectoryWriter;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.SummaryBuilder;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Encoding and decoding a directory; one operation is one entry.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DirectoryJmh {
  private static final int ENTRIES = 10_000;

  private final List<DirEntry> entries = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private byte[] encoded = {};

  /// Makes the directory.
  @Setup
  public void prepare() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    byte[] hash = new byte[16];
    for (int i = 0; i < ENTRIES; i++) {
      random.nextBytes(hash);
      entries.add(
          new DirEntry(
              "some-file-%06d.txt".formatted(i),
              EntryType.FILE,
              0644,
              random.nextInt(1_000_000),
              1_700_000_000_000_000_000L + random.nextLong(1_000_000_000_000L),
              1000,
              1000,
              ObjectId.direct(ContentId.of(ContentId.NO_PREFIX, hash)),
              null));
    }
    encoded = encode();
  }

  /// Encodes the entries and their summary.
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public byte[] encode() throws IOException {
    out.reset();
    DirectoryWriter writer = new DirectoryWriter(out);
    SummaryBuilder summary = new SummaryBuilder();
    for (DirEntry entry : entries) {
      writer.add(entry);
      summary.add(entry);
    }
    writer.finish(summary.build(1_700_000_000_000_000_000L, ""));
    return out.toByteArray();
  }

  /// Decodes all entries.
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public long decode() throws IOException {
    long bytes = 0;
    try (DirectoryReader reader = new DirectoryReader(encoded)) {
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        bytes += entry.sizeBytes();
      }
    }
    return bytes;
  }
}
