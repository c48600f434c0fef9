package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A client whose index is in segments sees what one sees whose index is in memory.
final class SegmentedIndexTest {
  @TempDir private Path folder;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final RandomGenerator random = Seeds.generator(8);
  private final List<ContentId> written = new ArrayList<>();
  private RepositoryFormat format = TestContents.defaultFormat();
  private int opened = 100;

  @BeforeEach
  void needsTheSystemsCalls() {
    assumeTrue(Posix.isAvailable());
  }

  private ContentStore open(long indexBytes, Path index, boolean permissive)
      throws RepositoryException {
    ContentOptions options =
        new ContentOptions(
            TestContents.OPTIONS.client(),
            1 << 20,
            indexBytes,
            ClientCaches.ofIndex(Optional.of(index)),
            permissive);
    return TestContents.open(
        store,
        format,
        options,
        new ContentStore.Environment(clock, new SeededRandom(opened++), clock));
  }

  /// Everything in segments.
  private ContentStore open() throws RepositoryException {
    return open(0, folder, false);
  }

  private void write(ContentStore contents, int flushes) throws RepositoryException {
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int flush = 0; flush < flushes; flush++) {
        for (int i = 0; i < 20; i++) {
          byte[] data = Seeds.bytes(random, 60);
          char prefix = i % 4 == 0 ? 'k' : ContentId.NO_PREFIX;
          written.add(session.write(prefix, data, 0, data.length, Optional.empty()));
          session.write(prefix, data, 0, data.length, Optional.empty());
        }
        clock.advance(Duration.ofSeconds(2));
        session.delete(written.get(random.nextInt(written.size())));
        session.flush();
      }
      assertEquals(20L * flushes, session.stats().writtenContents(), "each content is stored once");
    }
  }

  private static List<IndexEntry> entries(ContentStore contents) throws RepositoryException {
    List<IndexEntry> found = new ArrayList<>();
    contents.forEach(ContentRange.ALL_WITH_DELETED, found::add);
    return found;
  }

  private void assertSeesAll(ContentStore contents) throws RepositoryException {
    try (ContentStore inMemory = TestContents.open(store, format, clock)) {
      assertEquals(entries(inMemory), entries(contents));
      for (ContentId id : written) {
        Optional<IndexEntry> expected = inMemory.find(id);
        assertEquals(expected, contents.find(id));
        assertEquals(
            expected.isPresent() && !expected.get().deleted(), contents.isLive(id), id.toString());
      }
      ContentId absent = ContentId.of('k', Seeds.bytes(random, 16));
      assertTrue(contents.find(absent).isEmpty());
      assertFalse(contents.isLive(absent));
    }
  }

  private static Stream<RepositoryFormat> formats() {
    return Stream.of(
        TestContents.defaultFormat(),
        TestContents.format("BLAKE3-256", "CHACHA20-POLY1305-HMAC-SHA256"),
        TestContents.withEcc(TestContents.defaultFormat(), 10),
        TestContents.asVersion1(TestContents.defaultFormat()));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void seesWhatAnIndexInMemorySees(RepositoryFormat format) throws Exception {
    this.format = format;
    try (ContentStore contents = open()) {
      write(contents, 5);
      assertSeesAll(contents);
      for (ContentId id : written) {
        assertEquals(60, contents.read(id).length);
      }
    }
    try (ContentStore contents = open()) {
      assertSeesAll(contents);
      write(contents, 2);
      assertSeesAll(contents);
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".segment")).toList();
    }
  }

  @Test
  void newBlobsAreReadBesideASegment() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 20);
    }
    List<Path> before = segments();
    try (ContentStore contents = open(4000, folder, false)) {
      write(contents, 1);
      assertSeesAll(contents);
    }
    assertEquals(before, segments());
  }

  @Test
  void aSmallIndexLeavesNoFiles() throws Exception {
    try (ContentStore contents = open(1 << 20, folder, false)) {
      write(contents, 5);
      assertSeesAll(contents);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void aSegmentDamagedInUseIsMadeAnew() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 5);
      for (int round = 0; round < 3; round++) {
        Path segment = segments().getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        for (int page = 1; page < bytes.length / 1024; page++) {
          bytes[1024 * page + 5] ^= 1;
        }
        Files.write(segment, bytes);
        for (ContentId id : written) {
          assertTrue(contents.find(id).isPresent());
        }
        assertSeesAll(contents);
      }
    }
  }

  @Test
  void aWalkThatMeetsDamageSaysSoAndTheNextOneIsRight() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 5);
      Path segment = segments().getFirst();
      byte[] bytes = Files.readAllBytes(segment);
      bytes[1024 + 5] ^= 1;
      Files.write(segment, bytes);
      assertThrows(DamagedException.class, () -> entries(contents));
    }
    try (ContentStore contents = open()) {
      assertSeesAll(contents);
    }
  }

  @Test
  void tombstonesUnderTheWatermarkAreAbsent() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 5);
      long deleted = entries(contents).stream().filter(IndexEntry::deleted).count();
      assertTrue(deleted > 2);
      clock.advance(Duration.ofSeconds(1));
      store.put(
          new EpochBlobName.Watermark(clock.instant().getEpochSecond()).blobId(),
          ByteBuffer.wrap(new byte[12]),
          PutOptions.NONE);
      contents.refresh();
      assertSeesAll(contents);
      assertEquals(0, entries(contents).stream().filter(IndexEntry::deleted).count());
    }
  }

  @Test
  void withoutAFolderThatCanBeWrittenTheIndexIsInMemory() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    try (ContentStore contents = open(0, file.resolve("below"), false)) {
      write(contents, 3);
      assertSeesAll(contents);
    }
  }

  @Test
  void anIndexThatDoesNotFitSaysWhatIsToBeDone() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 3);
      List<BlobMetadata> active = contents.activeIndexBlobs();
      IndexSource.Active wanted = new IndexSource.Active(active, entry -> false, clock.instant());
      IndexSet nothing = new IndexSet(List.of(), Map.of(), List.of(), entry -> false);
      IndexLoader loader =
          new IndexLoader(
              contents.blobs(), Optional.empty(), new IndexLoader.Limits(100, 100), false);
      String message =
          String.valueOf(
              assertThrows(UnsupportedException.class, () -> loader.load(wanted, nothing, Map.of()))
                  .getMessage());
      assertTrue(message.contains("--memory"), message);
      assertTrue(message.contains("cache directory"), message);
    }
  }

  @Test
  void aDamagedBlobIsPassedOverOnlyWhereThatIsAllowed() throws Exception {
    try (ContentStore contents = open(1 << 20, folder, false)) {
      write(contents, 4);
      BlobMetadata one = contents.activeIndexBlobs().getFirst();
      byte[] bytes = store.get(one.id());
      bytes[bytes.length / 2] ^= 1;
      store.put(one.id(), ByteBuffer.wrap(bytes), PutOptions.NONE);
    }
    for (long indexBytes : new long[] {0, 8000}) {
      assertThrows(DamagedException.class, () -> open(indexBytes, folder, false));
      try (ContentStore contents = open(indexBytes, folder, true)) {
        assertEquals(60, written.stream().filter(id -> isThere(contents, id)).count());
      }
    }
  }

  private static boolean isThere(ContentStore contents, ContentId id) {
    try {
      return contents.find(id).isPresent();
    } catch (RepositoryException e) {
      throw new AssertionError(e);
    }
  }
}
