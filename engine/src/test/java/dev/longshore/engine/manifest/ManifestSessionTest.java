package dev.longshore.engine.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManifestSessionTest {
  private static final Map<String, String> NOTE = Map.of("type", "note");

  private final FakeClock clock = FakeClock.of2026();
  private final SeededRandom random = new SeededRandom(3);
  private final MemoryStore blobs = new MemoryStore(clock);
  private final List<String> warnings = new ArrayList<>();

  /// One client: its contents, and the manifests over them.
  private final class Client implements AutoCloseable {
    final ContentStore contents;
    final ManifestStore manifests;

    Client(BlobStore store, boolean ignoreMalformed) throws RepositoryException {
      contents =
          TestContents.open(
              store,
              TestContents.defaultFormat(),
              new ContentStore.Environment(clock, random, clock));
      manifests = new ManifestStore(contents, ignoreMalformed, warnings::add);
    }

    Client() throws RepositoryException {
      this(blobs, false);
    }

    void write(Change change) throws RepositoryException {
      try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
        ManifestSession writer = manifests.openSession(session, clock, random);
        change.make(writer);
        writer.write();
        session.flush();
        writer.published();
      }
      clock.advance(Duration.ofSeconds(1));
    }

    ManifestId add(int number) throws RepositoryException {
      List<ManifestId> id = new ArrayList<>();
      write(writer -> id.add(writer.put(labels(number), json(number))));
      return id.getFirst();
    }

    int contentCount() throws RepositoryException {
      int[] count = new int[1];
      contents.forEach(ContentRange.ofPrefix('m'), entry -> count[0]++);
      return count[0];
    }

    Set<ManifestId> ids() throws RepositoryException {
      Set<ManifestId> found = new HashSet<>();
      manifests.find(Map.of()).forEach(entry -> found.add(entry.id()));
      return found;
    }

    @Override
    public void close() throws RepositoryException {
      contents.close();
    }
  }

  private interface Change {
    void make(ManifestSession writer) throws RepositoryException;
  }

  private static Map<String, String> labels(int number) {
    return Map.of("type", "note", "number", Integer.toString(number));
  }

  private static byte[] json(int number) {
    return ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void othersSeeChangesAfterTheFlushAndTheSessionBefore() throws Exception {
    try (Client a = new Client();
        Client b = new Client()) {
      List<ManifestId> id = new ArrayList<>();
      a.write(writer -> {
        byte[] spread = " { \"n\" : 1 } ".getBytes(StandardCharsets.UTF_8);
        id.add(writer.put(labels(1), spread));
        assertEquals(1, writer.find(NOTE).size());
        assertTrue(writer.get(id.getFirst()).isPresent());
        assertEquals(List.of(), a.manifests.find(NOTE));
      });
      assertEquals(List.of(), b.manifests.find(NOTE));
      b.contents.refresh();
      ManifestEntry found = b.manifests.get(id.getFirst()).orElseThrow();
      assertArrayEquals(json(1), found.data());
      assertEquals(labels(1), found.labels());
      assertEquals(32, found.id().value().length());
    }
  }

  @Test
  void findsByAllLabelsInTheOrderOfTime() throws Exception {
    try (Client a = new Client()) {
      List<ManifestId> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(a.add(i));
      }
      assertEquals(ids, a.manifests.find(NOTE).stream().map(ManifestEntry::id).toList());
      assertEquals(1, a.manifests.find(labels(3)).size());
      assertEquals(List.of(), a.manifests.find(Map.of("type", "other")));
      assertEquals(5, a.manifests.find(Map.of()).size());
    }
  }

  @Test
  void aDeletionHoldsEvenIfTheClockWentBack() throws Exception {
    try (Client a = new Client()) {
      ManifestId id = a.add(1);
      clock.advance(Duration.ofHours(-5));
      a.write(writer -> {
        writer.delete(id);
        assertEquals(Optional.empty(), writer.get(id));
      });
      assertEquals(Optional.empty(), a.manifests.get(id));
      try (Client b = new Client()) {
        assertEquals(List.of(), b.manifests.find(Map.of()));
      }
    }
  }

  @Test
  void deletingNothingWritesNothing() throws Exception {
    try (Client a = new Client()) {
      a.write(writer -> {
        writer.delete(new ManifestId("00"));
        ManifestId own = writer.put(labels(1), json(1));
        writer.delete(own);
      });
      assertEquals(0, a.contentCount());
    }
  }

  @Test
  void replacesThoseWithExactlyTheSameLabels() throws Exception {
    try (Client a = new Client()) {
      ManifestId other = a.add(1);
      ManifestId old = a.add(2);
      a.write(writer -> writer.replace(labels(2), json(3)));
      assertEquals(Optional.empty(), a.manifests.get(old));
      assertTrue(a.manifests.get(other).isPresent());
      assertArrayEquals(json(3), a.manifests.find(labels(2)).getFirst().data());
      a.write(writer -> writer.replace(NOTE, json(4)));
      assertEquals(3, a.manifests.find(NOTE).size(), "more labels are other labels");
    }
  }

  @Test
  void refusesManifestsWithoutTypeOrJson() throws Exception {
    try (Client a = new Client()) {
      a.write(writer -> {
        assertThrows(IllegalArgumentException.class, () -> writer.put(Map.of(), json(1)));
        assertThrows(IllegalArgumentException.class, () -> writer.put(NOTE, new byte[] {'{'}));
      });
    }
  }

  @Test
  void sixteenContentsBecomeOneWithNothingLost() throws Exception {
    try (Client a = new Client()) {
      Set<ManifestId> ids = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        ManifestId id = a.add(i);
        if (i % 5 == 0) {
          a.write(writer -> writer.delete(id));
        } else {
          ids.add(id);
        }
        assertTrue(a.contentCount() <= ManifestSession.COMPACTION_THRESHOLD);
      }
      try (Client b = new Client()) {
        assertEquals(ids, b.ids());
      }
    }
  }

  @Test
  void twoClientsThatCompactAtOnceLoseNothing() throws Exception {
    try (Client a = new Client();
        Client b = new Client()) {
      Set<ManifestId> ids = new HashSet<>();
      for (int i = 0; i < ManifestSession.COMPACTION_THRESHOLD; i++) {
        ids.add(a.add(i));
      }
      ManifestId gone = ids.iterator().next();
      ids.remove(gone);
      b.contents.refresh();
      try (ContentSession one = a.contents.openSession(ContentWriteOptions.DEFAULT);
          ContentSession two = b.contents.openSession(ContentWriteOptions.DEFAULT)) {
        ManifestSession first = a.manifests.openSession(one, clock, random);
        ManifestSession second = b.manifests.openSession(two, clock, random);
        ids.add(first.put(labels(100), json(100)));
        first.delete(gone);
        ids.add(second.put(labels(101), json(101)));
        first.write();
        second.write();
        two.flush();
        one.flush();
      }
      try (Client c = new Client()) {
        assertEquals(ids, c.ids());
        assertEquals(2, c.contentCount());
      }
    }
  }

  /// Found by the simulation: maintenance moved a content that another client had just replaced,
  /// and so brought it back without the one that held the deletion.
  @Test
  void whatWasDeletedStaysSoThoughAnOldContentComesBack() throws Exception {
    try (Client a = new Client();
        Client mover = new Client()) {
      ManifestId gone = a.add(0);
      List<ContentId> old = new ArrayList<>();
      a.contents.forEach(ContentRange.ofPrefix('m'), entry -> old.add(entry.contentId()));
      a.write(writer -> writer.delete(gone));
      mover.contents.refresh();
      Set<ManifestId> ids = new HashSet<>();
      for (int i = 1; i < ManifestSession.COMPACTION_THRESHOLD; i++) {
        ids.add(a.add(i));
      }
      assertEquals(1, a.contentCount(), "replaced by one");
      try (ContentSession session = mover.contents.openSession(ContentWriteOptions.DEFAULT)) {
        session.rewrite(old.getFirst());
        session.flush();
      }
      try (Client b = new Client()) {
        assertEquals(2, b.contentCount(), "it is back");
        assertEquals(ids, b.ids());
      }
    }
  }

  @Test
  void deletionsAreForgottenInTime() throws Exception {
    try (Client a = new Client()) {
      ManifestId gone = a.add(0);
      a.write(writer -> writer.delete(gone));
      for (int round = 0; round < 2; round++) {
        for (int i = 1; i < ManifestSession.COMPACTION_THRESHOLD + round; i++) {
          a.add(i);
        }
        assertEquals(1, a.contentCount(), "replaced by one");
        List<ContentId> all = new ArrayList<>();
        a.contents.forEach(ContentRange.ofPrefix('m'), entry -> all.add(entry.contentId()));
        boolean remembered =
            ManifestContent.decode(a.contents.read(all.getFirst())).stream()
                .anyMatch(ManifestEntry::deleted);
        assertEquals(round == 0, remembered);
        clock.advance(Duration.ofDays(8));
      }
    }
  }

  @Test
  void aCrashAtAnyPutOfACompactionLeavesTheOldOrTheNewState() throws Exception {
    try (Client a = new Client()) {
      for (int i = 0; i < ManifestSession.COMPACTION_THRESHOLD; i++) {
        a.add(i);
      }
    }
    int before = ManifestSession.COMPACTION_THRESHOLD;
    boolean finished = false;
    for (int survivors = 0; !finished; survivors++) {
      MemoryStore copy = copy();
      finished = tryToAdd(new Dying(copy, survivors));
      try (Client b = new Client(copy, false)) {
        assertEquals(before + (finished ? 1 : 0), b.ids().size(), survivors + " puts");
        assertEquals(finished ? 1 : before, b.contentCount());
      }
      assertTrue(survivors < 20);
    }
  }

  private boolean tryToAdd(BlobStore store) throws RepositoryException {
    try (Client a = new Client(store, false)) {
      a.add(99);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  /// A store whose process is killed after so many puts.
  private static final class Dying extends ForwardingStore {
    private int left;

    Dying(BlobStore inner, int puts) {
      super(inner);
      left = puts;
    }

    @Override
    public synchronized void put(BlobId id, ByteBuffer content, PutOptions options)
        throws RepositoryException {
      if (left-- <= 0) {
        throw new StoreException("killed", StoreException.Retry.NEVER);
      }
      super.put(id, content, options);
    }
  }

  private MemoryStore copy() throws RepositoryException {
    MemoryStore copy = new MemoryStore(clock);
    blobs.list(
        "", blob -> copy.put(blob.id(), ByteBuffer.wrap(blobs.get(blob.id())), PutOptions.NONE));
    return copy;
  }

  @Test
  void malformedContentsAreDamageOrLeftOutAndNeverDeleted() throws Exception {
    ManifestId id;
    try (Client a = new Client()) {
      id = a.add(1);
      try (ContentSession session = a.contents.openSession(ContentWriteOptions.DEFAULT)) {
        byte[] junk = "not gzip".getBytes(StandardCharsets.UTF_8);
        ContentId bad = session.write('m', junk, 0, junk.length, Optional.empty());
        session.flush();
        DamagedException fault =
            assertThrows(DamagedException.class, () -> a.manifests.find(Map.of()));
        assertTrue(fault.toString().contains(bad.toString()), fault.toString());
      }
    }
    try (Client b = new Client(blobs, true)) {
      assertEquals(Set.of(id), b.ids());
      assertEquals(1, warnings.size());
      for (int i = 0; i < 20; i++) {
        b.add(i);
      }
      assertEquals(22, b.contentCount(), "with contents left out nothing is replaced");
    }
  }

  @Test
  void oneContentHoldsAllChangesOfAFlush() throws Exception {
    try (Client a = new Client()) {
      a.write(writer -> {
        for (int i = 0; i < 10; i++) {
          writer.put(labels(i), json(i));
        }
      });
      assertEquals(1, a.contentCount());
      assertEquals(10, a.ids().size());
    }
  }
}
