package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.FaultyStore.Fault;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryUpgradeTest {
  private static final String PASSWORD = "test";
  private static final int KILLS = Integer.getInteger("longshore.kills", 3);
  private static final UpgradePlan PLAN = plan("me", true);

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final Map<ContentId, byte[]> expected = new HashMap<>();
  private final RandomGenerator random = Seeds.generator(3);
  private int seed = 50;

  private static UpgradePlan plan(String owner, boolean commit) {
    return new UpgradePlan(
        owner,
        Duration.ofMinutes(15),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        false,
        false,
        commit);
  }

  private RepositoryUpgrade upgrade(BlobStore of) {
    return new RepositoryUpgrade(
        of, PASSWORD, TestClients.WRITER, options(), clock, sentence -> {});
  }

  private OpenOptions options() {
    return OpenOptions.of(clock, new SeededRandom(seed++));
  }

  private Repository open(BlobStore of) throws RepositoryException {
    return Repositories.open(of, PASSWORD, TestClients.WRITER, options());
  }

  private void create(int version) throws RepositoryException {
    Repositories.create(
        store,
        CreateOptions.DEFAULT.withFormatVersion(version),
        PASSWORD,
        new SeededRandom(version));
    for (int i = 0; i < 3; i++) {
      try (Repository repository = open(store)) {
        write(repository);
      }
    }
  }

  private void write(Repository repository) throws RepositoryException {
    byte[] bytes = Seeds.bytes(random, 900);
    ContentId id =
        repository.write(
            new WriteOptions("test", 1, 64L << 20),
            writer ->
                writer
                    .contents()
                    .write(ContentId.NO_PREFIX, bytes, 0, bytes.length, Optional.empty()));
    expected.put(id, bytes);
    clock.advance(Duration.ofMinutes(1));
  }

  private RepositoryFormat check(BlobStore of, String when) throws RepositoryException {
    try (Repository repository = open(of)) {
      for (Map.Entry<ContentId, byte[]> entry : expected.entrySet()) {
        assertArrayEquals(entry.getValue(), repository.contents().read(entry.getKey()), when);
      }
      return repository.format();
    }
  }

  private static Set<BlobId> blobs(BlobStore of) throws RepositoryException {
    Set<BlobId> found = new TreeSet<>();
    of.list("", blob -> found.add(blob.id()));
    return found;
  }

  private MemoryStore copy() throws RepositoryException {
    MemoryStore copy = new MemoryStore(clock);
    for (BlobId id : blobs(store)) {
      copy.put(id, ByteBuffer.wrap(store.get(id)), PutOptions.NONE);
    }
    return copy;
  }

  private static void assertNewest(RepositoryFormat format) {
    assertEquals(3, format.version());
    assertTrue(format.epochParameters().enabled());
    assertEquals(2, format.indexVersion());
    assertTrue(format.findUpgradeLock().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anOldRepositoryBecomesFormatThree(int version) throws Exception {
    create(version);
    Instant begin = clock.instant();
    upgrade(store).begin(PLAN);
    assertNewest(check(store, "upgraded"));
    Duration waited = Duration.between(begin, clock.instant());
    assertEquals(version == 1 ? 35 : 0, waited.toMinutes());
    assertTrue(store.metadata(V0IndexSet.POISON).isPresent());
    assertTrue(blobs(store).stream().noneMatch(id -> id.startsWith("kopia.repository.backup")));
    try (Repository repository = open(store)) {
      write(repository);
    }
    check(store, "written to");
    Set<BlobId> before = blobs(store);
    upgrade(store).begin(PLAN);
    assertEquals(before, blobs(store), "there was nothing to do");
    assertThrows(NotFoundException.class, () -> upgrade(store).rollBack());
    assertThrows(NotFoundException.class, () -> upgrade(store).validate("me"));
  }

  @ParameterizedTest
  @CsvSource({"1, CRASH_BEFORE", "1, CRASH_AFTER"})
  void goesOnOrBackWhereverItDied(int version, Fault fault) throws Exception {
    create(version);
    // The moves of an upgrade that was rolled back must not come back.
    byte[] stale =
        store.get(blobs(store).stream().filter(id -> id.startsWith("n")).findAny().orElseThrow());
    store.put(new BlobId("xn0_stale-s0-c1"), ByteBuffer.wrap(stale), PutOptions.NONE);
    FaultyStore whole = new FaultyStore(copy(), Retry.NEVER);
    upgrade(whole).begin(PLAN);
    int calls = whole.count();
    int step = Math.max(1, calls / KILLS);
    for (int at = 1 + fault.name().length() % step; at <= calls; at += step) {
      String when = "call " + at + " of " + whole.calls();
      for (boolean back : new boolean[] {false, true}) {
        MemoryStore copied = copy();
        FaultyStore faulty = new FaultyStore(copied, Retry.NEVER).failAt(at, fault);
        assertThrows(RepositoryException.class, () -> upgrade(faulty).begin(PLAN), when);
        if (!back) {
          upgrade(copied).begin(PLAN);
          assertNewest(check(copied, when));
          continue;
        }
        try {
          upgrade(copied).rollBack();
        } catch (NotFoundException e) {
          check(copied, when); // not begun, or at its end
          continue;
        }
        assertFalse(check(copied, when).epochParameters().enabled(), when);
        assertTrue(
            blobs(copied).stream()
                .noneMatch(id -> id.startsWith("x") || id.equals(V0IndexSet.POISON)),
            when);
        upgrade(copied).begin(PLAN);
        assertNewest(check(copied, when));
      }
    }
  }

  @Test
  void nobodyElseWorksMeanwhileHoweverLongOpen() throws Exception {
    create(1);
    try (Repository early = open(store)) {
      upgrade(store).begin(plan("me", false));
      assertThrows(BusyException.class, () -> open(store));
      assertThrows(BusyException.class, () -> upgrade(store).begin(plan("you", true)));
      assertThrows(BusyException.class, () -> write(early));
      assertThrows(BusyException.class, () -> early.blobs().delete(new BlobId("p0")));
      assertThrows(
          BusyException.class,
          () ->
              RepositoryAdmin.setParameters(
                  store, PASSWORD, ParameterChange.NONE, new SeededRandom(1)));
      upgrade(store).begin(PLAN);
      clock.advance(Duration.ofMinutes(16));
      assertThrows(BusyException.class, () -> write(early), "its index is no more");
    }
    assertNewest(check(store, "upgraded"));
  }

  /// A session that is open when the lock comes must not publish after it.
  @Test
  void anOpenSessionCannotFlushIntoAnUpgrade() throws Exception {
    create(1);
    List<BlobId> before = new ArrayList<>();
    try (Repository early = open(store);
        RepositoryWriter writer = early.openWriter(new WriteOptions("test", 1, 64L << 20))) {
      byte[] bytes = Seeds.bytes(random, 100);
      writer.contents().write(ContentId.NO_PREFIX, bytes, 0, 100, Optional.empty());
      upgrade(store).begin(plan("me", false));
      store.list("n", blob -> before.add(blob.id()));
      assertThrows(RepositoryException.class, writer::flush);
    }
    List<BlobId> after = new ArrayList<>();
    store.list("n", blob -> after.add(blob.id()));
    assertEquals(before, after);
  }

  @Test
  void withoutALockItIsDoneAtOnce() throws Exception {
    create(1);
    assertTrue(upgrade(store).upgradeAlone());
    RepositoryFormat format = check(store, "upgraded");
    assertEquals(2, format.version());
    assertTrue(format.epochParameters().enabled());
    assertFalse(upgrade(store).upgradeAlone());
  }

  @Test
  void refusesTimesThatClientsMissTheLockIn() throws Exception {
    create(1);
    var hasty =
        new UpgradePlan(
            "me",
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            false,
            false,
            true);
    assertThrows(IllegalArgumentException.class, () -> upgrade(store).begin(hasty));
    assertThrows(IllegalArgumentException.class, () -> upgrade(store).begin(plan("a/b", true)));
  }
}
