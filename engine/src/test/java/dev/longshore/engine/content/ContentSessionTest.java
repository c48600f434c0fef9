package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.FaultyStore.Fault;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ContentSessionTest {
  private static final char DATA = ContentId.NO_PREFIX;
  private static final int PACK = 100_000;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore memory = new MemoryStore(clock);
  private final FaultyStore store = new FaultyStore(memory, Retry.NEVER);
  private final RepositoryFormat format =
      TestContents.withPackSize(TestContents.defaultFormat(), PACK);
  private final RandomGenerator random = Seeds.generator(3);

  private ContentStore open() throws RepositoryException {
    return TestContents.open(store, format, clock);
  }

  private static ContentId write(ContentWriter writer, char prefix, byte[] data)
      throws RepositoryException {
    return writer.write(prefix, data, 0, data.length, Optional.empty());
  }

  private Set<String> blobs(String prefix) throws RepositoryException {
    Set<String> names = new TreeSet<>();
    memory.list(prefix, blob -> names.add(blob.id().value()));
    return names;
  }

  private static List<IndexEntry> entries(ContentReader reader, ContentRange range)
      throws RepositoryException {
    List<IndexEntry> found = new ArrayList<>();
    reader.forEach(range, found::add);
    return found;
  }

  @Test
  void readsItsOwnWritesAtEveryStage() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      List<byte[]> written = new ArrayList<>();
      List<ContentId> ids = new ArrayList<>();
      for (int i = 0; i < 30; i++) { // some packs full and on their way, one open
        written.add(Seeds.bytes(random, random.nextInt(30_000)));
        ids.add(write(session, i % 3 == 0 ? 'k' : DATA, written.getLast()));
        for (int j = 0; j <= i; j++) {
          assertArrayEquals(written.get(j), session.read(ids.get(j)));
        }
      }
      assertEquals(List.of(), entries(contents, ContentRange.ALL), "nothing before the flush");
      session.flush();
      for (int j = 0; j < ids.size(); j++) {
        assertArrayEquals(written.get(j), session.read(ids.get(j)));
        assertArrayEquals(written.get(j), contents.read(ids.get(j)));
      }
    }
  }

  @Test
  void storesTheSameBytesOnce() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      byte[] data = Seeds.bytes(random, 1000);
      ContentId id = write(session, DATA, data);
      assertEquals(id, write(session, DATA, data));
      session.flush();
      assertEquals(id, write(session, DATA, data));
      assertNotEquals(id, write(session, 'k', data), "a prefix makes another content");
      ContentWriter.WriteStats stats = session.stats();
      assertEquals(4000, stats.hashedBytes());
      assertEquals(2000, stats.dedupBytes());
      assertEquals(2, stats.writtenContents());
      assertEquals(2000, stats.writtenPlainBytes());
      assertEquals(2056, stats.writtenPackedBytes());
    }
    assertEquals(1, blobs("p").size());
  }

  @Test
  void threadsWithTheSameBytesStoreThemOnce() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<byte[]> data = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        data.add(Seeds.bytes(random, 20_000));
      }
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        tasks.add(
            threads.submit(() -> {
              start.await();
              for (byte[] one : data) {
                write(session, DATA, one);
              }
              return true;
            }));
      }
      start.countDown();
      for (Future<?> task : tasks) {
        task.get();
      }
      assertEquals(50, session.stats().writtenContents());
      assertEquals(7 * 50 * 20_000, session.stats().dedupBytes());
      session.flush();
      for (byte[] one : data) {
        assertArrayEquals(one, session.read(write(session, DATA, one)));
      }
    }
  }

  @Test
  void flushesWhileOthersWrite() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<ContentId>>> tasks = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        long seed = t;
        tasks.add(
            threads.submit(() -> {
              RandomGenerator mine = Seeds.generator(seed);
              List<ContentId> ids = new ArrayList<>();
              for (int i = 0; i < 60; i++) {
                byte[] data = Seeds.bytes(mine, mine.nextInt(20_000));
                ids.add(write(session, i % 5 == 0 ? 'm' : DATA, data));
                if (seed == 0 && i % 10 == 0) {
                  session.flush();
                  for (ContentId id : ids) {
                    assertTrue(contents.find(id).isPresent(), "visible after the flush");
                  }
                }
                assertArrayEquals(data, session.read(ids.getLast()));
              }
              return ids;
            }));
      }
      session.flush();
      List<ContentId> all = new ArrayList<>();
      for (Future<List<ContentId>> task : tasks) {
        all.addAll(task.get());
      }
      session.flush();
      try (ContentStore other = open()) {
        for (ContentId id : all) {
          other.read(id);
        }
      }
      assertEquals(Set.of(), blobs("s"), "no marker is left");
    }
  }

  @Test
  void commitsPacksBeforeIndexAndMarkerAroundThem() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      write(session, DATA, Seeds.bytes(random, 100));
      write(session, 'k', Seeds.bytes(random, 100));
      int before = store.count();
      session.flush();
      List<String> calls =
          store.calls().subList(before, store.count()).stream()
              .filter(call -> !call.startsWith("list") && !call.startsWith("get"))
              .map(call -> call.replaceAll(" (xn|[a-z]).*", " $1"))
              .toList();
      assertEquals("put s", calls.getFirst());
      assertEquals(Set.of("put p", "put q"), Set.copyOf(calls.subList(1, 3)));
      assertEquals(List.of("put xn", "delete s"), calls.subList(3, calls.size()));
    }
  }

  @Test
  void blobsOfOneFlushShareASessionAndTheNextHasItsOwn() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      write(session, DATA, Seeds.bytes(random, 100));
      write(session, 'k', Seeds.bytes(random, 100));
      session.flush();
      assertEquals(1, sessions().size());
      session.flush();
      assertEquals(1, sessions().size(), "an empty flush writes nothing");
      write(session, DATA, Seeds.bytes(random, 101));
      session.flush();
      assertEquals(2, sessions().size());
    }
  }

  private Set<SessionId> sessions() throws RepositoryException {
    Set<SessionId> sessions = new TreeSet<>();
    memory.list("", blob -> sessions.add(SessionId.ofBlob(blob.id()).orElseThrow()));
    return sessions;
  }

  @Test
  void closingWithoutAFlushLeavesNothingButOrphans() throws Exception {
    try (ContentStore contents = open()) {
      ContentId id;
      try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
        id = write(session, DATA, Seeds.bytes(random, 2 * PACK));
        write(session, DATA, Seeds.bytes(random, 10));
      }
      assertEquals(1, blobs("p").size(), "the full pack");
      assertEquals(Set.of(), blobs("s"));
      assertEquals(Set.of(), blobs("x"));
      contents.refresh();
      assertTrue(contents.find(id).isEmpty());
    }
  }

  @Test
  void deletesAndUndeletes() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      byte[] data = Seeds.bytes(random, 500);
      ContentId id = write(session, DATA, data);
      session.flush();
      IndexEntry first = contents.find(id).orElseThrow();
      session.delete(id);
      assertTrue(session.find(id).orElseThrow().deleted());
      assertFalse(contents.find(id).orElseThrow().deleted(), "not before the flush");
      session.flush();
      IndexEntry tombstone = contents.find(id).orElseThrow();
      assertTrue(tombstone.deleted());
      assertEquals(first.timestampSeconds() + 1, tombstone.timestampSeconds(), "the clock stood");
      assertEquals(first.packBlobId(), tombstone.packBlobId());
      assertArrayEquals(data, contents.read(id), "a deleted content can be read");
      assertEquals(List.of(), entries(contents, ContentRange.ALL));
      assertEquals(1, entries(contents, ContentRange.ALL_WITH_DELETED).size());
      assertEquals(1, blobs("p").size(), "tombstones alone make no pack");

      session.undelete(id);
      session.flush();
      IndexEntry again = contents.find(id).orElseThrow();
      assertFalse(again.deleted());
      assertEquals(tombstone.timestampSeconds() + 1, again.timestampSeconds());
      assertArrayEquals(data, contents.read(id));
    }
  }

  @Test
  void writingADeletedContentStoresItAgain() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      byte[] data = Seeds.bytes(random, 500);
      ContentId id = write(session, DATA, data);
      session.delete(id);
      session.delete(id);
      write(session, DATA, data);
      assertFalse(session.find(id).orElseThrow().deleted());
      session.flush();
      assertFalse(contents.find(id).orElseThrow().deleted());
      assertArrayEquals(data, contents.read(id));
    }
    try (ContentStore again = open()) {
      assertEquals(1, entries(again, ContentRange.ALL).size());
    }
  }

  @Test
  void deletingWhatIsNotThereIsNoFault() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      ContentId id = ContentId.of(DATA, new byte[16]);
      session.delete(id);
      session.flush();
      assertEquals(Set.of(), blobs(""));
      assertThrows(NotFoundException.class, () -> session.read(id));
      assertThrows(NotFoundException.class, () -> session.undelete(id));
      assertThrows(NotFoundException.class, () -> session.rewrite(id));
    }
  }

  @Test
  void rewritesIntoAnotherPackWithALaterTime() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      byte[] data = Seeds.text(random, 50_000);
      ContentId live = session.write(DATA, data, 0, data.length, Optional.of(Compression.GZIP));
      ContentId dead = write(session, DATA, Seeds.bytes(random, 10));
      session.delete(dead);
      session.flush();
      IndexEntry before = contents.find(live).orElseThrow();
      assertEquals(Compression.GZIP.headerId(), before.compressionHeaderId());
      session.rewrite(live);
      session.rewrite(dead);
      session.flush();
      IndexEntry after = contents.find(live).orElseThrow();
      assertNotEquals(before.packBlobId(), after.packBlobId());
      assertEquals(before.timestampSeconds() + 1, after.timestampSeconds());
      assertEquals(before.compressionHeaderId(), after.compressionHeaderId());
      assertEquals(before.originalLength(), after.originalLength());
      assertArrayEquals(data, contents.read(live));
      IndexEntry stillDead = contents.find(dead).orElseThrow();
      assertTrue(stillDead.deleted());
      assertEquals(after.packBlobId(), stillDead.packBlobId());
    }
  }

  @Test
  void walksPendingAndPublishedInOrder() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      Set<ContentId> live = new TreeSet<>();
      Set<ContentId> all = new TreeSet<>();
      for (int i = 0; i < 200; i++) {
        char prefix = i % 3 == 0 ? DATA : i % 3 == 1 ? 'k' : 'm';
        ContentId id = write(session, prefix, Seeds.bytes(random, 20));
        all.add(id);
        live.add(id);
        if (i % 7 == 0) {
          session.delete(id);
          live.remove(id);
        }
        if (i == 100) {
          session.flush();
        }
      }
      assertEquals(
          List.copyOf(live),
          entries(session, ContentRange.ALL).stream().map(IndexEntry::contentId).toList());
      assertEquals(
          List.copyOf(all),
          entries(session, ContentRange.ALL_WITH_DELETED).stream()
              .map(IndexEntry::contentId)
              .toList());
      assertEquals(
          live.stream().filter(id -> id.prefix() == 'k').toList(),
          entries(session, ContentRange.ofPrefix('k')).stream()
              .map(IndexEntry::contentId)
              .toList());
    }
  }

  @Test
  void twoWritersSeeEachOtherAfterARefresh() throws Exception {
    try (ContentStore first = open();
        ContentStore second =
            TestContents.open(
                store, format, new ContentStore.Environment(clock, new SeededRandom(8), clock));
        ContentSession one = first.openSession(ContentWriteOptions.DEFAULT);
        ContentSession two = second.openSession(ContentWriteOptions.DEFAULT)) {
      byte[] shared = Seeds.bytes(random, 1000);
      ContentId mine = write(one, DATA, Seeds.bytes(random, 1000));
      ContentId theirs = write(two, DATA, Seeds.bytes(random, 1000));
      ContentId both = write(one, DATA, shared);
      assertEquals(both, write(two, DATA, shared));
      one.flush();
      two.flush();
      first.refresh();
      for (ContentStore contents : List.of(first, second)) {
        for (ContentId id : List.of(mine, theirs, both)) {
          assertEquals(1000, contents.read(id).length);
        }
      }
    }
  }

  @Test
  void readersNoticeAfterAQuarterOfAnHour() throws Exception {
    try (ContentStore reader = open();
        ContentStore writer = open();
        ContentSession session = writer.openSession(ContentWriteOptions.DEFAULT)) {
      ContentId id = write(session, DATA, new byte[3]);
      session.flush();
      clock.advance(Duration.ofMinutes(14));
      assertTrue(reader.find(id).isEmpty());
      clock.advance(Duration.ofMinutes(2));
      assertTrue(reader.find(id).isPresent());
    }
  }

  @Test
  void publishesOnTheWay() throws Exception {
    try (ContentStore contents = open()) {
      ContentWriteOptions many = new ContentWriteOptions(2, 10, Duration.ofHours(1));
      try (ContentSession session = contents.openSession(many)) {
        for (int i = 0; i < 25; i++) {
          write(session, DATA, Seeds.bytes(random, 10));
        }
        assertEquals(2, blobs("xn").size());
        assertEquals(20, entries(contents, ContentRange.ALL).size());
        clock.advance(Duration.ofHours(2));
        write(session, DATA, Seeds.bytes(random, 10));
        assertEquals(3, blobs("xn").size());
        try (ContentSession.IndexHold _ = session.holdIndex()) {
          for (int i = 0; i < 25; i++) {
            write(session, DATA, Seeds.bytes(random, 10));
          }
          assertEquals(3, blobs("xn").size(), "held");
        }
        write(session, DATA, Seeds.bytes(random, 10));
        assertEquals(4, blobs("xn").size());
      }
    }
  }

  @Test
  void aFailedUploadFailsTheSessionForGood() throws Exception {
    try (ContentStore contents = open()) {
      ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT);
      store.failAt(store.count() + 2, Fault.FAIL_BEFORE); // the first pack, after its marker
      StoreException fault =
          assertThrows(
              StoreException.class,
              () -> {
                for (int i = 0; i < 20; i++) {
                  write(session, DATA, Seeds.bytes(random, PACK));
                }
                session.flush();
              });
      assertTrue(String.valueOf(fault.getMessage()).contains("fault on purpose"), fault::toString);
      assertThrows(StoreException.class, () -> write(session, DATA, new byte[1]));
      assertThrows(StoreException.class, session::flush);
      session.close();
      session.close();
      assertEquals(Set.of(), blobs("x"));
      assertEquals(Set.of(), blobs("s"));
      assertThrows(IllegalStateException.class, () -> write(session, DATA, new byte[1]));
    }
  }

  @Test
  void ownIndexBlobsCountBeforeTheyAreListed() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      store.hideNewBlobs();
      ContentId id = write(session, DATA, new byte[3]);
      session.flush();
      assertTrue(contents.find(id).isPresent());
      contents.refresh();
      assertTrue(contents.find(id).isPresent());
      ContentId next = write(session, DATA, new byte[4]);
      session.flush();
      assertTrue(contents.find(id).isPresent() && contents.find(next).isPresent());
    }
  }

  @Test
  void packsHaveTheSizeTheFormatWants() throws Exception {
    try (ContentStore contents = open();
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int i = 0; i < 100; i++) {
        write(session, DATA, Seeds.bytes(random, 10_000));
      }
      session.flush();
      List<Long> sizes = new ArrayList<>();
      memory.list("p", blob -> sizes.add(blob.lengthBytes()));
      assertEquals(10, sizes.size());
      for (long size : sizes) {
        assertTrue(size >= PACK && size < PACK + 20_000, sizes.toString());
      }
    }
  }
}
