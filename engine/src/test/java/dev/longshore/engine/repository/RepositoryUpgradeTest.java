package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
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
import dev.longshore.format.id.BlobMetadata;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryUpgradeTest {
  private static final String PASSWORD = "test";
  private static final int KILLS = Integer.getInteger("longshore.kills", 3);
  private static final UpgradePlan PLAN = plan("me", true);

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final Map<ContentId, byte[]> expected = new HashMap<>();
  private final RandomGenerator random = Seeds.generator(3);

  /// Deriving it takes longer than all the rest.
  private final KeptKey key = KeptKey.inMemory();

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
        of, PASSWORD, key, TestClients.WRITER, options(), clock, sentence -> {});
  }

  private OpenOptions options() {
    return OpenOptions.of(clock, new SeededRandom(seed++));
  }

  private Repository open(BlobStore of) throws RepositoryException {
    return Repositories.open(of, PASSWORD, key, TestClients.WRITER, options());
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
    return copy(store);
  }

  private MemoryStore copy(BlobStore of) throws RepositoryException {
    MemoryStore copy = new MemoryStore(clock);
    for (BlobId id : blobs(of)) {
      copy.put(id, ByteBuffer.wrap(of.get(id)), PutOptions.NONE);
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

  /// A move that is cut off is ended by the next one, of either kind, however much was written
  /// since; above all, the old index does not stay open to programs that know nothing of the new.
  @ParameterizedTest
  @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
  void aMoveWithoutALockIsEndedByTheNextUpgrade(Fault fault) throws Exception {
    create(1);
    FaultyStore whole = new FaultyStore(copy(), Retry.NEVER);
    assertTrue(upgrade(whole).upgradeAlone());
    int open = 0;
    for (int at = 1; at <= whole.count(); at++) {
      String when = "call " + at + " of " + whole.calls();
      MemoryStore cut = copy();
      FaultyStore faulty = new FaultyStore(cut, Retry.NEVER).failAt(at, fault);
      assertThrows(RepositoryException.class, () -> upgrade(faulty).upgradeAlone(), when);
      boolean moved = check(cut, when).epochParameters().enabled();
      boolean closed = cut.metadata(V0IndexSet.POISON).isPresent();
      assertTrue(moved || !closed, when);
      if (moved && !closed) {
        open++;
        Map<ContentId, byte[]> before = Map.copyOf(expected);
        try (Repository repository = open(cut)) {
          write(repository);
        }
        MemoryStore other = copy(cut);
        upgrade(other).begin(PLAN);
        assertNewest(check(other, when));
        assertTrue(other.metadata(V0IndexSet.POISON).isPresent(), when);
        assertTrue(upgrade(cut).upgradeAlone(), when);
        check(cut, when);
        expected.keySet().retainAll(before.keySet());
      } else {
        upgrade(cut).upgradeAlone();
      }
      assertTrue(check(cut, when).epochParameters().enabled(), when);
      assertTrue(cut.metadata(V0IndexSet.POISON).isPresent(), when);
      assertFalse(upgrade(cut).upgradeAlone(), when);
    }
    assertTrue(open > 0, "no cut was between the move and the end");
  }

  /// Somebody begins the same upgrade again while the first goes on.
  @Test
  void twoBeginningsOfTheSameOwnerDoNoHarm() throws Exception {
    create(1);
    FaultyStore whole = new FaultyStore(copy(), Retry.NEVER);
    upgrade(whole).begin(PLAN);
    int locked = whole.calls().indexOf("put kopia.repository") + 1;
    assertTrue(locked > 0);
    for (int at = locked + 1; at <= whole.count(); at++) {
      String when = "call " + at + " of " + whole.calls();
      MemoryStore both = copy();
      try {
        upgrade(new SecondBeginning(both, at)).begin(PLAN);
      } catch (RepositoryException e) {
        // The second was faster: there is no lock any more, or no old index.
      }
      upgrade(both).begin(PLAN);
      assertNewest(check(both, when));
    }
  }

  /// Before one of its calls a whole upgrade is run beside.
  private final class SecondBeginning extends ForwardingStore {
    private int left;

    SecondBeginning(BlobStore inner, int at) {
      super(inner);
      left = at;
    }

    private void count() throws RepositoryException {
      left--;
      if (left == 0) {
        upgrade(inner()).begin(PLAN);
      }
    }

    @Override
    public byte[] get(BlobId id) throws RepositoryException {
      count();
      return inner().get(id);
    }

    @Override
    public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
      count();
      return inner().getRange(id, offset, length);
    }

    @Override
    public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
      count();
      inner().getRange(id, offset, into);
    }

    @Override
    public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
      count();
      return inner().metadata(id);
    }

    @Override
    public void put(BlobId id, ByteBuffer content, PutOptions put) throws RepositoryException {
      count();
      inner().put(id, content, put);
    }

    @Override
    public void delete(BlobId id) throws RepositoryException {
      count();
      inner().delete(id);
    }

    @Override
    public void list(String prefix, Visitor visitor) throws RepositoryException {
      count();
      inner().list(prefix, visitor);
    }
  }

  @Test
  void anUpgradeOfEpochsThatIsTakenBackLeavesTheOldIndexClosed() throws Exception {
    create(1);
    assertTrue(upgrade(store).upgradeAlone());
    upgrade(store).begin(plan("me", false));
    upgrade(store).rollBack();
    assertEquals(2, check(store, "rolled back").version());
    assertTrue(store.metadata(V0IndexSet.POISON).isPresent());
  }

  @Test
  void aNewPasswordEndsAnOpenSessionInPlainWords() throws Exception {
    create(3);
    try (Repository early = open(store)) {
      RepositoryAdmin.changePassword(store, PASSWORD, "another", new SeededRandom(seed++));
      write(early); // it looks every 15 minutes
      clock.advance(Duration.ofMinutes(16));
      BusyException ended = assertThrows(BusyException.class, () -> write(early));
      assertTrue(String.valueOf(ended.getMessage()).contains("connect again"), ended::toString);
    }
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
