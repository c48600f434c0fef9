package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Index blobs land in the right epoch, whatever time does in between.
final class EpochIndexTest {
  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore memory = new MemoryStore(clock);
  private final RepositoryFormat format = TestContents.defaultFormat();
  private final RandomGenerator random = Seeds.generator(6);

  private static void beginEpoch(BlobStore store, int epoch) throws RepositoryException {
    put(store, new EpochBlobName.Marker(epoch).blobId());
  }

  private static void put(BlobStore store, BlobId id) throws RepositoryException {
    store.put(id, ByteBuffer.wrap(new byte[12]), PutOptions.NONE);
  }

  private ContentId writeOne(ContentSession session) throws RepositoryException {
    byte[] data = Seeds.bytes(random, 100);
    return session.write(ContentId.NO_PREFIX, data, 0, data.length, Optional.empty());
  }

  private List<String> list(String prefix) throws RepositoryException {
    List<String> names = new ArrayList<>();
    memory.list(prefix, blob -> names.add(blob.id().value()));
    return names;
  }

  @Test
  void writesToTheNewestEpoch() throws Exception {
    beginEpoch(memory, 3);
    beginEpoch(memory, 4);
    try (ContentStore contents = TestContents.open(memory, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      writeOne(session);
      session.flush();
      assertEquals(1, list("xn4_").size());
      beginEpoch(memory, 5);
      writeOne(session);
      session.flush();
      assertEquals(2, list("xn4_").size(), "the state is still fresh enough");
      clock.advance(Duration.ofMinutes(6)); // less than three quarters of 20 minutes remain
      writeOne(session);
      session.flush();
      assertEquals(1, list("xn5_").size());
      assertEquals(3, countLive(contents));
    }
  }

  private static int countLive(ContentStore contents) throws RepositoryException {
    int[] count = new int[1];
    contents.forEach(ContentRange.ALL, entry -> count[0]++);
    return count[0];
  }

  /// A store on which something happens just before a put whose name begins so.
  private BlobStore before(String prefix, Action action) {
    return new ForwardingStore(memory) {
      private boolean done;

      @Override
      public void put(BlobId id, ByteBuffer content, PutOptions options)
          throws RepositoryException {
        super.put(id, content, options);
        if (id.startsWith(prefix) && !done) {
          done = true;
          action.run();
        }
      }
    };
  }

  @FunctionalInterface
  private interface Action {
    void run() throws RepositoryException;
  }

  @Test
  void takesBackAnIndexThatCameTwoEpochsLate() throws Exception {
    BlobStore slow =
        before(
            "xn0_",
            () -> {
              beginEpoch(memory, 1);
              beginEpoch(memory, 2);
            });
    try (ContentStore contents = TestContents.open(slow, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      writeOne(session);
      assertThrows(StoreException.class, session::flush);
    }
    assertEquals(List.of(), list("xn"));
  }

  @Test
  void oneEpochLateIsInTime() throws Exception {
    BlobStore slow = before("xn0_", () -> beginEpoch(memory, 1));
    try (ContentStore contents = TestContents.open(slow, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      writeOne(session);
      session.flush();
      assertEquals(1, countLive(contents));
    }
  }

  @Test
  void aListThatOutlivesItsOwnResultIsTakenAgain() throws Exception {
    int[] lists = new int[1];
    BlobStore slow =
        new ForwardingStore(memory) {
          @Override
          public void list(String prefix, Visitor visitor) throws RepositoryException {
            super.list(prefix, visitor);
            lists[0]++;
            if (lists[0] < 3) {
              clock.advance(Duration.ofMinutes(21));
            }
          }
        };
    TestContents.open(slow, format, clock).close();
    assertEquals(3, lists[0]);
  }

  @Test
  void droppedTombstonesAreAbsentButMayBeWrittenAgain() throws Exception {
    try (ContentStore contents = TestContents.open(memory, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      byte[] data = Seeds.bytes(random, 100);
      ContentId id = session.write(ContentId.NO_PREFIX, data, 0, 100, Optional.empty());
      session.flush();
      session.delete(id);
      session.flush();
      long deletedAt = contents.find(id).orElseThrow().timestampSeconds();
      put(memory, new EpochBlobName.Watermark(deletedAt).blobId());
      contents.refresh();
      assertTrue(contents.find(id).isEmpty());
      assertTrue(session.find(id).isEmpty());
      List<ContentId> listed = new ArrayList<>();
      contents.forEach(ContentRange.ALL_WITH_DELETED, entry -> listed.add(entry.contentId()));
      assertEquals(List.of(), listed);

      clock.advance(Duration.ofSeconds(10));
      session.write(ContentId.NO_PREFIX, data, 0, 100, Optional.empty());
      session.flush();
      assertArrayEquals(data, contents.read(id));
    }
  }

  /// What it writes would else be older than the tombstone, and absent like that.
  @Test
  void aWriterWhoseClockIsBehindIsSeenOverADroppedTombstone() throws Exception {
    byte[] data = Seeds.bytes(random, 100);
    try (ContentStore contents = TestContents.open(memory, format, clock)) {
      ContentId id;
      try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
        id = session.write(ContentId.NO_PREFIX, data, 0, 100, Optional.empty());
        session.flush();
        session.delete(id);
        session.flush();
      }
      long deletedAt = contents.find(id).orElseThrow().timestampSeconds();
      put(memory, new EpochBlobName.Watermark(deletedAt).blobId());
      var behind = new FakeClock(clock.instant().minus(Duration.ofHours(5)));
      try (ContentStore others = TestContents.open(memory, format, behind);
          ContentSession session = others.openSession(ContentWriteOptions.DEFAULT)) {
        session.write(ContentId.NO_PREFIX, data, 0, 100, Optional.empty());
        session.flush();
      }
      contents.refresh();
      assertArrayEquals(data, contents.read(id));
    }
  }

  /// An index of the future would be trusted until the clock gets there.
  @Test
  void theIndexIsLoadedAgainAfterTheClockWasPutBack() throws Exception {
    var jumping = new FakeClock(clock.instant());
    try (ContentStore contents = TestContents.open(memory, format, jumping);
        ContentStore others = TestContents.open(memory, format, clock)) {
      ContentId id;
      try (ContentSession session = others.openSession(ContentWriteOptions.DEFAULT)) {
        id = writeOne(session);
        session.flush();
      }
      jumping.advance(Duration.ofDays(-1));
      assertTrue(contents.find(id).isPresent());
    }
  }

  @Test
  void listsIndexBlobsButNoMarkers() throws Exception {
    beginEpoch(memory, 1);
    put(memory, new EpochBlobName.Watermark(77).blobId());
    try (ContentStore contents = TestContents.open(memory, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      writeOne(session);
      session.flush();
      List<BlobId> all = contents.allIndexBlobs().stream().map(BlobMetadata::id).toList();
      assertEquals(list("xn"), all.stream().map(BlobId::value).toList());
      assertEquals(1, contents.activeIndexBlobs().size());
      assertEquals(1, contents.epochs().orElseThrow().writeEpoch());
      assertEquals(1, contents.readIndexBlob(all.getFirst()).size());
    }
  }
}
