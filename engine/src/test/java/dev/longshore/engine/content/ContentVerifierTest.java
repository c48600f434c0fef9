package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ContentVerifierTest {
  static final ContentVerifier.Listener SILENT =
      new ContentVerifier.Listener() {
        @Override
        public void problem(IndexEntry entry, ContentVerifier.Trouble trouble, String what) {}

        @Override
        public void progress(long verifiedContents, long errors) {}
      };

  private static final int CONTENTS = 60;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final RepositoryFormat format =
      TestContents.withPackSize(TestContents.defaultFormat(), 10_000);
  private ContentStore contents;

  @BeforeEach
  void fill() throws Exception {
    contents = TestContents.open(store, format, clock);
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      RandomGenerator random = Seeds.generator(2);
      for (int i = 0; i < CONTENTS; i++) {
        byte[] data = Seeds.bytes(random, 1000);
        session.write(ContentId.NO_PREFIX, data, 0, data.length, Optional.empty());
      }
      session.flush();
    }
  }

  @AfterEach
  void close() {
    contents.close();
  }

  private ContentVerifier.Report verify(double percent) throws RepositoryException {
    return ContentVerifier.verify(
        contents,
        new ContentVerifier.Options(ContentRange.ALL, percent, 3),
        Seeds.generator(1),
        SILENT);
  }

  private List<IndexEntry> byPlace() throws RepositoryException {
    List<IndexEntry> entries = new ArrayList<>();
    contents.forEach(ContentRange.ALL, entries::add);
    entries.sort(
        Comparator.comparing(IndexEntry::packBlobId).thenComparingInt(IndexEntry::packOffset));
    return entries;
  }

  private void replace(BlobId pack, byte[] bytes) throws RepositoryException {
    store.put(pack, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  @Test
  void countsAnIntactRepository() throws Exception {
    assertEquals(new ContentVerifier.Report(CONTENTS, 0, 0, 0, 0, 0, 0, 0), verify(0));
    assertEquals(new ContentVerifier.Report(CONTENTS, 0, 0, 0, CONTENTS, 0, 0, 0), verify(100));
  }

  @Test
  void readsTheShareItIsAskedFor() throws Exception {
    ContentVerifier.Report report = verify(50);
    assertEquals(CONTENTS, report.verifiedContents());
    assertTrue(report.readContents() > 15 && report.readContents() < 45, report.toString());
  }

  @Test
  void checksOnlyWhatIsChosen() throws Exception {
    String first = byPlace().getFirst().contentId().toString();
    BlobId pack = byPlace().getFirst().packBlobId();
    store.delete(pack);
    ContentVerifier.Report report =
        ContentVerifier.verify(
            contents,
            new ContentVerifier.Options(
                ContentRange.ALL,
                id -> id.toString().startsWith(first.substring(0, 8)),
                100,
                1,
                PackWindow.ALL),
            Seeds.generator(1),
            SILENT,
            7);
    assertEquals(new ContentVerifier.Report(1, 1, 0, 0, 0, 1, 0, 0), report);
  }

  @Test
  void severalPassesFindTheSameAsOne() throws Exception {
    BlobId pack = byPlace().getFirst().packBlobId();
    byte[] damaged = store.get(pack);
    damaged[100] ^= 1;
    replace(pack, damaged);
    ContentVerifier.Report inPasses =
        ContentVerifier.verify(
            contents,
            new ContentVerifier.Options(ContentRange.ALL, 100, 1),
            Seeds.generator(1),
            SILENT,
            7);
    assertEquals(verify(100), inPasses);
    assertEquals(1, inPasses.unreadableContents());
  }

  @Test
  void findsMissingTruncatedAndDamagedPacks() throws Exception {
    List<IndexEntry> entries = byPlace();
    List<BlobId> packs = entries.stream().map(IndexEntry::packBlobId).distinct().toList();
    store.delete(packs.get(0));
    List<IndexEntry> second =
        entries.stream().filter(e -> e.packBlobId().equals(packs.get(1))).toList();
    replace(packs.get(1), Arrays.copyOf(store.get(packs.get(1)), second.get(4).packOffset() + 7));
    byte[] third = store.get(packs.get(2));
    long inThird = entries.stream().filter(e -> e.packBlobId().equals(packs.get(2))).count();
    Arrays.fill(third, (byte) 1);
    replace(packs.get(2), third);
    long inFirst = entries.stream().filter(e -> e.packBlobId().equals(packs.get(0))).count();

    ContentVerifier.Report sizes = verify(0);
    assertEquals(
        new ContentVerifier.Report(CONTENTS, inFirst, second.size() - 4, 0, 0, 1, 1, 0), sizes);
    ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    ContentVerifier.Report full =
        ContentVerifier.verify(
            contents,
            new ContentVerifier.Options(ContentRange.ALL, 100, 2),
            Seeds.generator(1),
            new ContentVerifier.Listener() {
              @Override
              public void problem(IndexEntry entry, ContentVerifier.Trouble trouble, String what) {
                problems.add(entry.contentId() + ": " + what);
              }

              @Override
              public void progress(long verifiedContents, long errors) {
                assertTrue(verifiedContents <= CONTENTS && errors <= verifiedContents);
              }
            });
    assertEquals(
        new ContentVerifier.Report(
            CONTENTS,
            inFirst,
            second.size() - 4,
            inThird,
            CONTENTS - inFirst - (second.size() - 4),
            1,
            1,
            1),
        full);
    assertEquals(full.totalErrorCount(), problems.size());
  }
}
