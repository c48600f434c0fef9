package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ContentDamageTest {
  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore memory = new MemoryStore(clock);
  private final FaultyStore store = new FaultyStore(memory, Retry.NEVER);
  private final RepositoryFormat format = TestContents.defaultFormat();
  private final RandomGenerator random = Seeds.generator(4);

  private List<ContentId> write(char prefix, int count) throws RepositoryException {
    return write(prefix, count, format);
  }

  private static final ContentOptions PERMISSIVE =
      new ContentOptions(TestContents.OPTIONS.client(), 1 << 20, 1 << 20, ClientCaches.NONE, true);

  private ContentStore open(ContentOptions options) throws RepositoryException {
    ContentStore.Environment environment =
        new ContentStore.Environment(clock, new SeededRandom(-1), clock);
    return TestContents.open(store, format, options, environment);
  }

  private List<ContentId> write(char prefix, int count, RepositoryFormat inFormat)
      throws RepositoryException {
    try (ContentStore contents = TestContents.open(store, inFormat, clock)) {
      return write(prefix, count, contents);
    }
  }

  private List<ContentId> write(char prefix, int count, ContentStore contents)
      throws RepositoryException {
    List<ContentId> ids = new ArrayList<>();
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int i = 0; i < count; i++) {
        byte[] data = Seeds.bytes(random, 5000);
        ids.add(session.write(prefix, data, 0, data.length, Optional.empty()));
      }
      session.flush();
    }
    return ids;
  }

  private BlobId only(String prefix) throws RepositoryException {
    List<BlobId> found = new ArrayList<>();
    memory.list(prefix, blob -> found.add(blob.id()));
    assertEquals(1, found.size());
    return found.getFirst();
  }

  private void replace(BlobId id, byte[] bytes) throws RepositoryException {
    memory.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  @Test
  void aFlippedBitIsDamageThatNamesContentAndPack() throws Exception {
    ContentId id = write(ContentId.NO_PREFIX, 1).getFirst();
    BlobId pack = only("p");
    byte[] bytes = memory.get(pack);
    bytes[1000] ^= 4;
    replace(pack, bytes);
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      DamagedException fault = assertThrows(DamagedException.class, () -> contents.read(id));
      assertTrue(String.valueOf(fault.getMessage()).contains(id.toString()), fault::toString);
      assertTrue(String.valueOf(fault.getMessage()).contains(pack.value()), fault::toString);
    }
  }

  @Test
  void errorCorrectionMendsAFlippedBit() throws Exception {
    RepositoryFormat withEcc = TestContents.withEcc(format, 10);
    ContentId id = write(ContentId.NO_PREFIX, 1, withEcc).getFirst();
    BlobId pack = only("p");
    byte[] bytes = memory.get(pack);
    bytes[1000] ^= 4;
    replace(pack, bytes);
    try (ContentStore contents = TestContents.open(store, withEcc, clock)) {
      assertEquals(5000, contents.read(id).length);
    }
  }

  @Test
  void aTruncatedPackIsDamageAndAMissingOneIsNotFound() throws Exception {
    for (char prefix : new char[] {ContentId.NO_PREFIX, 'k'}) {
      List<ContentId> ids = write(prefix, 3);
      BlobId pack = only(prefix == 'k' ? "q" : "p");
      byte[] bytes = memory.get(pack);
      try (ContentStore contents = TestContents.open(store, format, clock)) {
        replace(pack, Arrays.copyOf(bytes, 8000));
        for (int i = 0; i < 3; i++) { // from the third on out of the cache
          assertEquals(5000, contents.read(ids.getFirst()).length);
          assertThrows(DamagedException.class, () -> contents.read(ids.getLast()));
        }
      }
      memory.delete(pack);
      try (ContentStore contents = TestContents.open(store, format, clock)) {
        assertThrows(NotFoundException.class, () -> contents.read(ids.getFirst()));
      }
    }
  }

  @Test
  void aStoreThatLiesIsFoundOut() throws Exception {
    ContentId id = write(ContentId.NO_PREFIX, 1).getFirst();
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      store.failNext(FaultyStore.Fault.FLIP);
      assertThrows(DamagedException.class, () -> contents.read(id));
      store.failNext(FaultyStore.Fault.SHORT);
      assertThrows(DamagedException.class, () -> contents.read(id));
      assertEquals(5000, contents.read(id).length);
    }
  }

  private static void read(ContentStore contents, List<IndexEntry> entries, PackVisitor visitor)
      throws Exception {
    BoundedBuffers buffers = contents.buffers(16 << 20, ContentCheck.HASHED);
    for (PackRun run : PackRun.plan(entries, buffers.usualBytes())) {
      contents.read(run, buffers, ContentCheck.HASHED, visitor);
    }
  }

  @Test
  void aRunGoesOnAfterADamagedContent() throws Exception {
    List<ContentId> ids = write(ContentId.NO_PREFIX, 5);
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      List<IndexEntry> entries = new ArrayList<>();
      for (ContentId id : ids) {
        entries.add(contents.find(id).orElseThrow());
      }
      BlobId pack = only("p");
      byte[] bytes = memory.get(pack);
      bytes[entries.get(2).packOffset() + 9] ^= 1;
      replace(pack, Arrays.copyOf(bytes, entries.get(4).packOffset() + 3));
      List<ContentId> read = new ArrayList<>();
      List<ContentId> faults = new ArrayList<>();
      read(
          contents,
          entries,
          new PackVisitor() {
            @Override
            public void content(IndexEntry entry, ByteSpan plain) {
              read.add(entry.contentId());
            }

            @Override
            public void fault(IndexEntry entry, RepositoryException fault) {
              faults.add(entry.contentId());
            }
          });
      assertEquals(List.of(ids.get(0), ids.get(1), ids.get(3)), read);
      assertEquals(Set.of(ids.get(2), ids.get(4)), Set.copyOf(faults));
      assertEquals(2, faults.size());
      assertThrows(DamagedException.class, () -> read(contents, entries, (entry, plain) -> {}));
    }
  }

  @Test
  void neighboursAreFetchedInOneRequest() throws Exception {
    List<ContentId> ids = write(ContentId.NO_PREFIX, 40);
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      List<IndexEntry> entries = new ArrayList<>();
      for (ContentId id : ids) {
        entries.add(contents.find(id).orElseThrow());
      }
      int before = store.count();
      List<Integer> offsets = new ArrayList<>();
      read(contents, entries, (entry, plain) -> offsets.add(entry.packOffset()));
      assertEquals(1, store.count() - before);
      assertEquals(offsets.stream().sorted().toList(), offsets);
    }
  }

  @Test
  void metadataPacksAreFetchedWholeTheSecondTime() throws Exception {
    List<ContentId> ids = write('k', 40);
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      int before = store.count();
      for (ContentId id : ids) {
        contents.read(id);
      }
      assertEquals(3, store.count() - before, "a range, the size, the whole");
    }
  }

  @Test
  void aDamagedIndexBlobFailsTheOpeningUnlessPermitted() throws Exception {
    write(ContentId.NO_PREFIX, 1);
    BlobId index = only("xn");
    byte[] bytes = memory.get(index);
    bytes[20] ^= 1;
    replace(index, bytes);
    DamagedException fault =
        assertThrows(DamagedException.class, () -> TestContents.open(store, format, clock).close());
    assertTrue(String.valueOf(fault.getMessage()).contains(index.value()), fault::toString);

    try (ContentStore contents = open(PERMISSIVE)) {
      ContentId other = write(ContentId.NO_PREFIX, 1, contents).getFirst();
      assertEquals(5000, contents.read(other).length);
      assertEquals(2, contents.activeIndexBlobs().size());
    }
  }

  @Test
  void anIndexBlobThatVanishesIsLookedForAgainThenReported() throws Exception {
    write(ContentId.NO_PREFIX, 1);
    BlobId index = only("xn");
    byte[] bytes = memory.get(index);
    // Listed, but never there: a list that lies.
    BlobId ghost = new BlobId(index.value().replaceFirst("_.", "_0").replaceFirst("-s", "-sa"));
    ForwardingStore lying =
        new ForwardingStore(memory) {
          @Override
          public void list(String prefix, Visitor visitor) throws RepositoryException {
            super.list(prefix, visitor);
            if (ghost.startsWith(prefix)) {
              visitor.visit(new BlobMetadata(ghost, bytes.length, clock.instant()));
            }
          }
        };
    Instant start = clock.instant();
    assertThrows(DamagedException.class, () -> TestContents.open(lying, format, clock).close());
    assertTrue(Duration.between(start, clock.instant()).toSeconds() > 30, "it waited");
  }

  @Test
  void foreignEpochBlobsAreIgnored() throws Exception {
    ContentId id = write(ContentId.NO_PREFIX, 1).getFirst();
    for (String name : List.of("x", "xn", "xnfoo", "xe", "xe-1", "xe99999999999999", "xyz", "n0")) {
      replace(new BlobId(name), new byte[] {1});
    }
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      assertEquals(5000, contents.read(id).length);
    }
  }

  @Test
  void anUnknownCompressionIsUnsupported() throws Exception {
    ContentId id = write(ContentId.NO_PREFIX, 1).getFirst();
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      IndexEntry entry = contents.find(id).orElseThrow();
      IndexEntry odd =
          new IndexEntry(
              id,
              entry.packBlobId(),
              entry.packOffset(),
              entry.packedLength(),
              entry.originalLength(),
              0x7777,
              false,
              entry.timestampSeconds(),
              3,
              0);
      RepositoryException fault =
          assertThrows(
              RepositoryException.class, () -> read(contents, List.of(odd), (e, plain) -> {}));
      assertTrue(
          fault instanceof UnsupportedException || fault instanceof DamagedException,
          fault.toString());
      assertArrayEquals(contents.readRaw(entry), contents.read(id));
      assertEquals(5028, contents.readStored(entry).length);
    }
  }

  @Test
  void anotherKeyIsUnsupported() throws Exception {
    ContentId id = write(ContentId.NO_PREFIX, 1).getFirst();
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      IndexEntry entry = contents.find(id).orElseThrow();
      IndexEntry odd =
          new IndexEntry(
              id,
              entry.packBlobId(),
              entry.packOffset(),
              entry.packedLength(),
              entry.originalLength(),
              entry.compressionHeaderId(),
              false,
              entry.timestampSeconds(),
              3,
              7);
      UnsupportedException fault =
          assertThrows(
              UnsupportedException.class, () -> read(contents, List.of(odd), (e, plain) -> {}));
      assertTrue(fault.toString().contains("sealed with key 7"), fault::toString);
    }
  }
}
