package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.index.IndexCache;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.RepositoryCrypto;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexUpkeepTest {
  @TempDir private Path folder;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final RandomGenerator random = Seeds.generator(1);

  private void write(ContentStore contents, int flushes) throws RepositoryException {
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int flush = 0; flush < flushes; flush++) {
        List<ContentId> written = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          byte[] data = Seeds.bytes(random, 50);
          written.add(session.write(ContentId.NO_PREFIX, data, 0, data.length, Optional.empty()));
        }
        session.flush();
        clock.advance(Duration.ofHours(2));
        session.delete(written.getFirst());
        session.flush();
      }
    }
  }

  private static List<IndexEntry> entries(ContentStore contents) throws RepositoryException {
    List<IndexEntry> all = new ArrayList<>();
    contents.forEach(ContentRange.ALL_WITH_DELETED, all::add);
    return all;
  }

  /// What is too large for memory is merged in a file, and written in slices.
  @Test
  void mergesInAFileAndWritesShardsThatFit() throws Exception {
    assumeTrue(Posix.isAvailable());
    try (ContentStore contents = TestContents.open(store, TestContents.defaultFormat(), clock)) {
      write(contents, 5);
      List<IndexEntry> expected = entries(contents);
      RepositoryCrypto crypto =
          RepositoryCrypto.create(TestContents.defaultFormat(), new SeededRandom(3));
      IndexCache cache = IndexCache.in(folder, crypto, new SeededRandom(4), 0);
      IndexMerger merger =
          new IndexMerger(contents.blobs(), 2, Optional.of(cache), new IndexLoader.Limits(0, 0), 7);
      List<IndexEntry> found = new ArrayList<>();
      List<Integer> sizes = new ArrayList<>();
      merger
          .merge(contents.activeIndexBlobs())
          .write(
              entry -> true,
              null,
              (plain, count) -> {
                assertEquals((expected.size() + 6) / 7, count);
                try {
                  IndexReader shard = IndexReader.open(plain);
                  sizes.add(shard.size());
                  shard.forEach(found::add);
                } catch (dev.longshore.format.error.FormatException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertEquals(expected, found);
      assertTrue(sizes.size() > 5, "" + sizes);
    }
  }

  @Test
  void refusesToMergeWhatDoesNotFitAnywhere() throws Exception {
    try (ContentStore contents = TestContents.open(store, TestContents.defaultFormat(), clock)) {
      write(contents, 1);
      IndexMerger merger =
          new IndexMerger(contents.blobs(), 2, Optional.empty(), new IndexLoader.Limits(0, 0), 7);
      List<BlobMetadata> blobs = contents.activeIndexBlobs();
      UnsupportedException refused =
          assertThrows(UnsupportedException.class, () -> merger.merge(blobs));
      assertTrue(String.valueOf(refused.getMessage()).contains("--memory"), "" + refused);
    }
  }

  @Test
  void aClientThatPassesOverDamagedIndexBlobsMergesNothing() throws Exception {
    ContentOptions options =
        new ContentOptions(
            TestContents.OPTIONS.client(),
            MemoryBudget.ofProcess().packCacheBytes(),
            1 << 20,
            ClientCaches.NONE,
            true);
    try (ContentStore contents =
        TestContents.open(
            store,
            TestContents.defaultFormat(),
            options,
            new ContentStore.Environment(clock, new SeededRandom(1), clock))) {
      assertThrows(UnsupportedException.class, contents::upkeep);
    }
  }

  /// All clients see the same before and after each step, and the inputs go in the end.
  @Test
  void v0IndexBlobsBecomeFewAndTombstonesGo() throws Exception {
    var format = TestContents.asVersion1(TestContents.defaultFormat());
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      write(contents, 6);
      List<IndexEntry> before = entries(contents);
      V0Upkeep upkeep = contents.upkeep().v0().orElseThrow();
      assertTrue(contents.upkeep().epochs().isEmpty());
      Duration settle = Duration.ofHours(1);
      assertEquals(12, upkeep.compact(V0Upkeep.Options.small(settle, true)).size());
      assertEquals(12, contents.allIndexBlobs().size());
      assertEquals(12, upkeep.compact(V0Upkeep.Options.small(settle, false)).size());
      contents.refresh();
      assertEquals(before, entries(contents));
      assertEquals(1, contents.activeIndexBlobs().size());
      assertEquals(13, contents.allIndexBlobs().size(), "inputs stay until all have seen the log");
      clock.advance(Duration.ofHours(2));
      write(contents, 4);
      assertEquals(9, upkeep.compact(V0Upkeep.Options.small(settle, false)).size());
      contents.refresh();
      assertEquals(10, contents.allIndexBlobs().size(), "the first inputs are gone");
      clock.advance(Duration.ofHours(2));
      upkeep.compact(V0Upkeep.Options.dropping(clock.instant(), Duration.ZERO, false));
      contents.refresh();
      assertEquals(1, contents.allIndexBlobs().size());
      assertEquals(0, entries(contents).stream().filter(IndexEntry::deleted).count());
      assertEquals(90, entries(contents).size());
    }
  }
}
