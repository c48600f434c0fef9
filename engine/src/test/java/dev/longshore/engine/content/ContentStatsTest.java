package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ContentStatsTest {
  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);

  @Test
  void sumsUpByCompressionAndSize() throws Exception {
    try (ContentStore contents = TestContents.open(store, TestContents.defaultFormat(), clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int length : new int[] {0, 71, 72, 972, 100_000}) { // stored: 28 more
        session.write(ContentId.NO_PREFIX, new byte[length], 0, length, Optional.empty());
      }
      ContentId small =
          session.write('k', new byte[5000], 0, 5000, Optional.of(Compression.ZSTD_FASTEST));
      session.delete(session.write(ContentId.NO_PREFIX, new byte[9], 0, 9, Optional.empty()));
      session.flush();
      int packed = contents.find(small).orElseThrow().packedLength();

      ContentStats stats = ContentStats.of(contents, ContentRange.ALL);
      assertEquals(new ContentStats.Totals(6, 106_115, 101_115 + 5 * 28 + packed), stats.total());
      assertEquals(
          List.of(0, Compression.ZSTD_FASTEST.headerId()),
          List.copyOf(stats.byCompression().keySet()));
      assertEquals(
          new ContentStats.Totals(5, 101_115, 101_115 + 5 * 28), stats.byCompression().get(0));
      List<ContentStats.SizeClass> bySize = stats.bySize();
      assertEquals(8, bySize.size());
      assertEquals(new ContentStats.SizeClass(0, 10, 0, 0), bySize.get(0));
      assertEquals(new ContentStats.SizeClass(10, 100, 3, 28 + 99 + packed), bySize.get(1));
      assertEquals(new ContentStats.SizeClass(100, 1000, 1, 100), bySize.get(2));
      assertEquals(new ContentStats.SizeClass(1000, 10_000, 1, 1000), bySize.get(3));
      assertEquals(new ContentStats.SizeClass(10_000_000, 100_000_000, 0, 0), bySize.get(7));
      assertEquals(1, ContentStats.of(contents, ContentRange.ofPrefix('k')).total().count());
    }
  }
}
