package dev.longshore.engine.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectWriterTest {
  private static final int K = 1 << 10;

  private static byte[] random(long seed, int length) {
    return Seeds.bytes(Seeds.generator(seed), length);
  }

  @Test
  void readsBackWhatWasWrittenAtSizesAroundTheLimitsOfTheSplitter() throws Exception {
    try (ObjectBench bench = new ObjectBench("DYNAMIC-128K-BUZHASH")) {
      for (int size :
          new int[] {
            0, 1, 63, 64, 64 * K - 1, 64 * K, 64 * K + 1, 256 * K, 256 * K + 1, 3000 * K
          }) {
        byte[] data = random(size, size);
        ObjectId id = bench.write(data);
        assertArrayEquals(data, bench.reader.readAll(id, size), "size " + size);
        assertEquals(size, bench.reader.length(id));
      }
    }
  }

  @Test
  void anEmptyObjectIsOneEmptyContent() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      ObjectId id = bench.write(new byte[0]);
      assertFalse(id.isIndirect());
      assertEquals(0, bench.contents.read(id.contentId()).length);
    }
  }

  @Test
  void oneChunkIsNoList() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      byte[] data = random(1, 128 * K);
      ObjectId id = bench.write(data);
      assertEquals(0, id.indirection());
      assertArrayEquals(data, bench.contents.read(id.contentId()));
    }
  }

  @Test
  void listsChunksExactlyAsKopiaDoes() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      byte[] data = random(2, 300 * K);
      ObjectId id = bench.write(data);
      assertEquals(1, id.indirection());
      assertEquals('x', id.contentId().prefix());
      ObjectId a = bench.write(Arrays.copyOf(data, 128 * K));
      ObjectId b = bench.write(Arrays.copyOfRange(data, 128 * K, 256 * K));
      ObjectId c = bench.write(Arrays.copyOfRange(data, 256 * K, 300 * K));
      assertEquals(
          "{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":131072,\"o\":\""
              + a
              + "\"},{\"s\":131072,\"l\":131072,\"o\":\""
              + b
              + "\"},{\"s\":262144,\"l\":45056,\"o\":\""
              + c
              + "\"}]}\n",
          new String(bench.contents.read(id.contentId()), StandardCharsets.UTF_8));
    }
  }

  @Test
  void listsOfPrefixedObjectsHaveTheirPrefix() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      ObjectOptions options =
          new ObjectOptions('k', Optional.empty(), Optional.empty(), Optional.empty());
      ObjectId id = bench.write(random(3, 200 * K), options);
      assertEquals("Ik", id.toString().substring(0, 2));
      List<Character> prefixes = new ArrayList<>();
      bench.reader.forEachContent(id, content -> prefixes.add(content.prefix()));
      assertEquals(List.of('k', 'k', 'k'), prefixes);
    }
  }

  @Test
  void aListTooLongForOneChunkGetsAListItself() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      long length = 320L << 20;
      ObjectId id;
      try (ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN)) {
        writer.writeZeros(length);
        assertEquals(length, writer.length());
        id = writer.result();
      }
      assertEquals("IIx", id.toString().substring(0, 3));
      assertEquals(length, bench.reader.length(id));
      long[] seen = new long[2];
      bench.reader.forEachChunk(
          id,
          (start, size, direct) -> {
            assertEquals(seen[0], start);
            seen[0] += size;
            seen[1]++;
          });
      assertEquals(length, seen[0]);
      assertEquals(2560, seen[1]);
      try (InputStream in = bench.reader.openAt(id, length - 3)) {
        assertArrayEquals(new byte[3], in.readAllBytes());
      }
      assertTrue(bench.contents.stats().writtenContents() < 10);
    }
  }

  @Test
  void writtenZerosAreCutAndNamedAsRealZeroBytes() throws Exception {
    for (String splitter :
        List.of("DYNAMIC-128K-BUZHASH", "DYNAMIC-128K-RABINKARP", "FIXED-128K")) {
      Seeds.check(
          12,
          random -> {
            try (ObjectBench bench = new ObjectBench(splitter);
                ObjectWriter sparse = bench.writers.open(ObjectBench.PLAIN);
                ObjectWriter dense = bench.writers.open(ObjectBench.PLAIN)) {
              for (int piece = random.nextInt(1, 8); piece > 0; piece--) {
                int size = random.nextInt(1, random.nextBoolean() ? 200 : 700 * K);
                byte[] bytes = new byte[size];
                if (random.nextBoolean()) {
                  sparse.writeZeros(size);
                } else {
                  random.nextBytes(bytes);
                  sparse.write(bytes, 0, size);
                }
                dense.write(bytes, 0, size);
              }
              assertEquals(dense.length(), sparse.length());
              assertEquals(dense.result(), sparse.result());
            }
          });
    }
  }

  @Test
  void chunksOfZerosAreHashedOnce() throws Exception {
    try (ObjectBench bench = new ObjectBench("DYNAMIC-128K-BUZHASH");
        ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN)) {
      writer.writeZeros(64 * K);
      writer.checkpoint();
      long hashed = bench.contents.stats().hashedBytes();
      for (int i = 0; i < 100; i++) {
        writer.write(new byte[64 * K], 0, 64 * K);
        writer.writeZeros(64 * K);
      }
      writer.checkpoint();
      long lists = bench.contents.stats().hashedBytes() - hashed;
      assertTrue(lists < 64 * K, lists + " bytes hashed");
    }
  }

  @Test
  void aCheckpointHoldsTheWholeChunksAndLeavesTheObjectAsItWouldBe() throws Exception {
    byte[] data = random(4, 5000 * K);
    for (String splitter : List.of("DYNAMIC-128K-BUZHASH", "FIXED-128K")) {
      try (ObjectBench bench = new ObjectBench(splitter);
          ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN)) {
        assertEquals(Optional.empty(), writer.checkpoint());
        int step = 333 * K;
        for (int at = 0; at < data.length; at += step) {
          writer.write(data, at, Math.min(step, data.length - at));
          Optional<ObjectId> checkpoint = writer.checkpoint();
          if (checkpoint.isPresent()) {
            byte[] read = bench.reader.readAll(checkpoint.get(), data.length);
            assertTrue(read.length > 0 && read.length <= at + step);
            assertArrayEquals(Arrays.copyOf(data, read.length), read);
          }
        }
        assertEquals(bench.write(data), writer.result());
      }
    }
  }

  @Test
  void aCheckpointOfManyChunksForksTheListAsItIs() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K");
        ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN);
        ObjectWriter other = bench.writers.open(ObjectBench.PLAIN)) {
      long length = 200L << 20;
      writer.writeZeros(length);
      Optional<ObjectId> checkpoint = writer.checkpoint();
      writer.writeZeros(length);
      other.writeZeros(2 * length);
      assertEquals(length, bench.reader.length(checkpoint.orElseThrow()));
      assertEquals(other.result(), writer.result());
    }
  }

  @Test
  void theSliceSizesOfWritesDoNotMatter() throws Exception {
    byte[] data = random(5, 2000 * K);
    try (ObjectBench bench = new ObjectBench("DYNAMIC-128K-BUZHASH")) {
      ObjectId whole = bench.write(data);
      for (int step : new int[] {1000, 4096, 65537}) {
        try (ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN)) {
          byte[] reused = new byte[step];
          for (int at = 0; at < data.length; at += step) {
            int count = Math.min(step, data.length - at);
            System.arraycopy(data, at, reused, 0, count);
            writer.write(reused, 0, count);
          }
          assertEquals(whole, writer.result());
        }
      }
    }
  }

  @Test
  void aPolicysSplitterCutsDataButNotLists() throws Exception {
    try (ObjectBench bench = new ObjectBench("DYNAMIC-4M-BUZHASH")) {
      ObjectOptions options =
          new ObjectOptions(
              ContentId.NO_PREFIX,
              Optional.empty(),
              Optional.empty(),
              SplitterAlgorithm.byName("FIXED-128K"));
      ObjectId id;
      try (ObjectWriter writer = bench.writers.open(options)) {
        writer.writeZeros(400L << 20);
        id = writer.result();
      }
      assertEquals(1, id.indirection(), "the list of 3200 chunks is one chunk of 4M");
    }
  }

  @Test
  void concatenatesWithoutReadingDataAndWithSummedStarts() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      byte[] data = random(6, 900 * K);
      List<ObjectId> parts = new ArrayList<>();
      int[] ends = {400 * K, 450 * K, 450 * K, 900 * K};
      int from = 0;
      for (int end : ends) {
        parts.add(bench.write(Arrays.copyOfRange(data, from, end)));
        from = end;
      }
      long hashed = bench.contents.stats().hashedBytes();
      ObjectId joined = bench.writers.concatenate(parts, ObjectBench.PLAIN);
      assertTrue(bench.contents.stats().hashedBytes() - hashed < 10 * K);
      assertEquals("Ix", joined.toString().substring(0, 2));
      assertArrayEquals(data, bench.reader.readAll(joined, data.length));
      List<Long> starts = new ArrayList<>();
      bench.reader.forEachChunk(joined, (start, length, direct) -> starts.add(start));
      assertEquals(10, starts.size());
      assertEquals(
          parts.getFirst(), bench.writers.concatenate(parts.subList(0, 1), ObjectBench.PLAIN));
      assertThrows(
          IllegalArgumentException.class,
          () -> bench.writers.concatenate(List.of(), ObjectBench.PLAIN));
    }
  }

  @Test
  void compressesObjectsThemselvesWhereContentsCannotBe() throws Exception {
    var format = TestContents.asVersion1(TestContents.defaultFormat());
    ObjectOptions data =
        new ObjectOptions(
            ContentId.NO_PREFIX,
            Optional.of(Compression.GZIP),
            Optional.of(Compression.ZSTD_FASTEST),
            Optional.empty());
    ObjectOptions directory =
        new ObjectOptions(
            'k', Optional.of(Compression.GZIP), Optional.of(Compression.GZIP), Optional.empty());
    try (ObjectBench bench = new ObjectBench(format, "FIXED-128K")) {
      byte[] text = Seeds.text(Seeds.generator(7), 500 * K);
      ObjectId small = bench.write(Arrays.copyOf(text, 100), data);
      assertEquals("Z", small.toString().substring(0, 1));
      assertEquals(100, bench.reader.length(small));
      assertArrayEquals(Arrays.copyOf(text, 100), bench.reader.readAll(small, 100));
      ObjectId large = bench.write(text, data);
      bench.reader.forEachChunk(large, (start, length, direct) -> assertTrue(direct.compressed()));
      assertArrayEquals(text, bench.reader.readAll(large, text.length));
      assertFalse(bench.write(random(8, 100), data).compressed(), "random bytes do not shrink");
      assertFalse(bench.write(Arrays.copyOf(text, 100), directory).compressed());
    }
  }

  @Test
  void contentCompressionDoesNotChangeIds() throws Exception {
    byte[] text = Seeds.text(Seeds.generator(9), 300 * K);
    ObjectOptions zstd =
        new ObjectOptions(
            ContentId.NO_PREFIX, Optional.of(Compression.ZSTD), Optional.empty(), Optional.empty());
    try (ObjectBench plain = new ObjectBench("FIXED-128K");
        ObjectBench packed = new ObjectBench("FIXED-128K")) {
      assertEquals(plain.write(text), packed.write(text, zstd));
      assertTrue(
          packed.contents.stats().writtenPackedBytes()
              < plain.contents.stats().writtenPackedBytes());
    }
  }

  @Test
  void manyWritersSideBySideDoNotMixTheirBytes() throws Exception {
    try (ObjectBench bench = new ObjectBench("DYNAMIC-128K-BUZHASH")) {
      List<ObjectId> ids = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int seed = 100 + i;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    ObjectId id = bench.write(random(seed, 1500 * K));
                    synchronized (ids) {
                      ids.add(id);
                    }
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(8, ids.size());
      for (int i = 0; i < 8; i++) {
        byte[] data = random(100 + i, 1500 * K);
        ObjectId id = bench.write(data);
        assertTrue(ids.contains(id));
        assertArrayEquals(data, bench.reader.readAll(id, data.length));
      }
    }
  }

  @Test
  void refusesBytesAfterTheEnd() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K");
        ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN)) {
      ObjectId id = writer.result();
      assertEquals(id, writer.result());
      assertThrows(IllegalStateException.class, () -> writer.write(new byte[1], 0, 1));
      assertThrows(IllegalStateException.class, () -> writer.writeZeros(1));
      assertThrows(IllegalStateException.class, writer::checkpoint);
      assertNotEquals(id, bench.write(new byte[1]));
    }
  }

  @Test
  void aWriterThatFailedNeverGivesAnObject() throws Exception {
    FakeClock clock = FakeClock.of2026();
    BlobStore full =
        new ForwardingStore(new MemoryStore(clock)) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            throw new StoreException("no space left", StoreException.Retry.NEVER);
          }
        };
    var format = TestContents.withPackSize(TestContents.defaultFormat(), 300 * K);
    try (ObjectBench bench = new ObjectBench(full, format, "FIXED-128K", clock);
        ObjectWriter writer = bench.writers.open(ObjectBench.PLAIN)) {
      assertThrows(
          StoreException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              writer.write(random(i, 128 * K), 0, 128 * K);
            }
            writer.result();
          });
      assertThrows(IllegalStateException.class, writer::result);
      assertThrows(IllegalStateException.class, () -> writer.write(new byte[1], 0, 1));
    }
  }
}
