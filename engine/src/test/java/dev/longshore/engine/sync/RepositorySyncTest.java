package dev.longshore.engine.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.repository.RepositoryAdmin;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.FaultyStore.Fault;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositorySyncTest {
  private static final BlobId FORMAT = new BlobId("kopia.repository");

  /// How many calls to die at, in each part; all of them with a large number.
  private static final int KILLS = Integer.getInteger("longshore.kills", 3);

  @TempDir Path scratch;
  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore source = new MemoryStore(clock);
  private final MemoryStore destination = new MemoryStore(clock);
  private final List<String> warnings = new ArrayList<>();

  private final List<SyncedRepository> made = new ArrayList<>();

  private SyncedRepository make(int version) throws RepositoryException {
    made.add(new SyncedRepository(source, clock, version));
    return made.getLast();
  }

  @AfterEach
  void closeRepositories() throws RepositoryException {
    for (SyncedRepository repository : made) {
      repository.close();
    }
  }

  private final SyncListener listener =
      new SyncListener() {
        @Override
        public void listing(boolean fromSource, long blobs, long bytes) {}

        @Override
        public void planned(SyncPlan plan) {
          last = plan;
        }

        @Override
        public void copied(long blobs, long bytes, long totalBytes) {}

        @Override
        public void warning(String text) {
          synchronized (warnings) {
            warnings.add(text);
          }
        }
      };

  private SyncPlan last = new SyncPlan(0, 0, 0, 0, 0, 0, 0, 0);

  /// What a test changes of the usual options.
  private record Wish(boolean delete, boolean dryRun, boolean mustExist, SyncCheck check) {
    static final Wish NONE = new Wish(false, false, false, SyncCheck.LENGTH);

    static Wish check(SyncCheck check) {
      return new Wish(false, false, false, check);
    }
  }

  private SyncOptions options(Wish wish, BlobRetention retention) {
    return new SyncOptions(
        true,
        wish.delete,
        wish.dryRun,
        wish.mustExist,
        true,
        1,
        wish.check,
        retention,
        1 << 20,
        scratch);
  }

  private SyncResult sync(BlobStore from, BlobStore to, Wish wish) throws RepositoryException {
    return RepositorySync.run(from, to, options(wish, BlobRetention.NONE), listener);
  }

  private SyncResult sync() throws RepositoryException {
    return sync(source, destination, Wish.NONE);
  }

  private static SortedMap<BlobId, Long> blobs(BlobStore store) throws RepositoryException {
    var found = new TreeMap<BlobId, Long>();
    store.list("", blob -> found.put(blob.id(), blob.lengthBytes()));
    return found;
  }

  /// The source's first blob of a kind.
  private BlobId first(String prefix) throws RepositoryException {
    return blobs(source).tailMap(new BlobId(prefix)).firstKey();
  }

  private static void put(BlobStore store, String name, int length) throws RepositoryException {
    store.put(new BlobId(name), ByteBuffer.allocate(length), PutOptions.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void copiesEverythingOnceAndThenOnlyWhatIsNew(int version) throws Exception {
    SyncedRepository repository = make(version);
    repository.save();
    repository.save();
    SyncResult first = sync();
    assertEquals(blobs(source), blobs(destination));
    assertEquals(blobs(source).size(), first.copiedBlobs());
    assertEquals(2, repository.check(destination, "copy"));
    assertEquals(0, sync().copiedBlobs());
    Set<BlobId> before = new TreeSet<>(blobs(source).keySet());
    repository.save();
    Set<BlobId> added = new TreeSet<>(blobs(source).keySet());
    added.removeAll(before);
    assertEquals(added.size(), sync().copiedBlobs());
    assertEquals(3, repository.check(destination, "second copy"));
  }

  /// The destination dies at a call: what is there is either no repository, or has all it had
  /// before; and the next run ends the work.
  @ParameterizedTest
  @CsvSource({"1, CRASH_BEFORE", "3, CRASH_BEFORE", "3, CRASH_AFTER"})
  void isWholeAtAnyInstantAndGoesOnAfterACrash(int version, Fault fault) throws Exception {
    SyncedRepository repository = make(version);
    repository.save();
    for (int part = 0; part < 2; part++) {
      boolean fresh = part == 0;
      if (!fresh) {
        sync();
      }
      repository.save();
      clock.advance(Duration.ofDays(2));
      repository.save(); // in an epoch of its own, after the next maintenance
      repository.maintainRecklessly();
      repository.save();
      FaultyStore whole = new FaultyStore(clone(destination), Retry.NEVER);
      sync(source, whole, Wish.NONE);
      int had = fresh ? 0 : repository.check(destination, "before");
      int step = Math.max(1, whole.count() / KILLS);
      for (int at = 1 + (version + fault.name().length()) % step; at <= whole.count(); at += step) {
        String when = "part " + part + " call " + at + " of " + whole.calls();
        MemoryStore copy = clone(destination);
        FaultyStore faulty = new FaultyStore(copy, Retry.NEVER).failAt(at, fault);
        assertThrows(StoreException.class, () -> sync(source, faulty, Wish.NONE), when);
        if (copy.metadata(FORMAT).isEmpty()) {
          assertTrue(fresh, when);
        } else {
          assertTrue(repository.check(copy, when, had) >= had, when);
        }
        sync(source, copy, Wish.NONE);
        assertEquals(blobs(source).keySet(), intersection(copy), when);
        assertEquals(repository.saves(), repository.check(copy, when), when);
      }
    }
  }

  private Set<BlobId> intersection(BlobStore copy) throws RepositoryException {
    Set<BlobId> both = new TreeSet<>(blobs(copy).keySet());
    both.retainAll(blobs(source).keySet());
    return both;
  }

  private MemoryStore clone(BlobStore store) throws RepositoryException {
    MemoryStore copy = new MemoryStore(clock);
    for (BlobId id : blobs(store).keySet()) {
      copy.put(id, ByteBuffer.wrap(store.get(id)), PutOptions.NONE);
    }
    return copy;
  }

  /// Between any two calls the source is written to, and now and then maintained without regard.
  @Test
  void copiesASourceThatChangesAllTheTime() throws Exception {
    SyncedRepository repository = make(3);
    for (int i = 0; i < 4; i++) {
      repository.save();
    }
    var calls = new AtomicInteger();
    var busy =
        new ForwardingStore(source) {
          private boolean busy;

          private void change() throws RepositoryException {
            int call = calls.incrementAndGet();
            if (!busy && call < 30) {
              busy = true;
              repository.save();
              if (call % 9 == 0) {
                clock.advance(Duration.ofDays(2));
                repository.maintainRecklessly();
              }
              busy = false;
            }
          }

          @Override
          public byte[] get(BlobId id) throws RepositoryException {
            change();
            return inner().get(id);
          }

          @Override
          public void list(String prefix, Visitor visitor) throws RepositoryException {
            inner().list(prefix, visitor);
            change();
          }
        };
    sync(busy, destination, Wish.NONE);
    int first = repository.check(destination, "copy of what was there");
    assertTrue(first >= 4, "shows " + first);
    sync();
    assertEquals(repository.saves(), repository.check(destination, "copy of all"));
  }

  @Test
  void refusesAnotherRepositoryAndForeignData() throws Exception {
    SyncedRepository repository = make(3);
    repository.save();
    MemoryStore other = new MemoryStore(clock);
    made.add(new SyncedRepository(other, clock, 2));
    var before = blobs(other);
    assertThrows(ExistsException.class, () -> sync(source, other, Wish.NONE));
    assertEquals(before, blobs(other));
    MemoryStore data = new MemoryStore(clock);
    put(data, "p0123", 5);
    assertThrows(ExistsException.class, () -> sync(source, data, Wish.NONE));
    assertEquals(1, blobs(data).size());
    // Cut short, then taken up by somebody else.
    FaultyStore cut = new FaultyStore(destination, Retry.NEVER).failAt(8, Fault.CRASH_AFTER);
    assertThrows(StoreException.class, () -> sync(source, cut, Wish.NONE));
    assertTrue(destination.metadata(FORMAT).isEmpty());
    assertThrows(ExistsException.class, () -> sync(other, destination, Wish.NONE));
    sync();
    assertEquals(blobs(source), blobs(destination));
  }

  @Test
  void aPlaceWithoutRepositoryCanBeRefused() throws Exception {
    make(3).save();
    Wish wish = new Wish(false, false, true, SyncCheck.LENGTH);
    assertThrows(NotFoundException.class, () -> sync(source, destination, wish));
    assertEquals(0, blobs(destination).size());
    sync();
    assertEquals(0, sync(source, destination, wish).copiedBlobs());
  }

  @Test
  void aDryRunOnlyCounts() throws Exception {
    make(3).save();
    sync(source, destination, new Wish(true, true, false, SyncCheck.LENGTH));
    assertEquals(0, blobs(destination).size());
    assertEquals(blobs(source).size(), last.sourceBlobs());
    assertTrue(last.copyBlobs() > 0 && last.copyBytes() > 0);
  }

  @Test
  void replacesAShortBlobAndDeletesNothingUnlessTold() throws Exception {
    SyncedRepository repository = make(3);
    repository.save();
    sync();
    BlobId pack = first("p");
    put(destination, pack.value(), 3);
    put(destination, "pffff-extra", 9);
    put(destination, "xn0_extra", 9);
    assertEquals(1, sync().copiedBlobs());
    assertArrayEquals(source.get(pack), destination.get(pack));
    assertEquals(blobs(source).size() + 2, blobs(destination).size());
    SyncResult told = sync(source, destination, new Wish(true, false, false, SyncCheck.LENGTH));
    assertEquals(2, told.deletedBlobs());
    assertEquals(2, last.deleteBlobs());
    assertEquals(blobs(source), blobs(destination));
  }

  /// A list that leaves a blob out must not lose it in the copy.
  @Test
  void deletesNothingThatTheSourceHasButDidNotList() throws Exception {
    SyncedRepository repository = make(3);
    repository.save();
    sync();
    BlobId pack = first("p");
    var forgetful =
        new ForwardingStore(source) {
          @Override
          public void list(String prefix, Visitor visitor) throws RepositoryException {
            inner()
                .list(
                    prefix,
                    blob -> {
                      if (!blob.id().equals(pack)) {
                        visitor.visit(blob);
                      }
                    });
          }
        };
    sync(forgetful, destination, new Wish(true, false, false, SyncCheck.LENGTH));
    assertEquals(blobs(source), blobs(destination));
  }

  @Test
  void noticesADestinationThatLosesOrSpoilsWhatItIsGiven() throws Exception {
    make(3).save();
    BlobId pack = first("p");
    var forgets =
        new ForwardingStore(new MemoryStore(clock)) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            if (!id.equals(pack)) {
              inner().put(id, content, options);
            }
          }
        };
    var lost = assertThrows(StoreException.class, () -> sync(source, forgets, Wish.NONE));
    assertTrue(String.valueOf(lost.getMessage()).contains("found no such blob"), lost::toString);
    assertTrue(forgets.metadata(FORMAT).isEmpty(), "it became a repository");
    var spoils =
        new ForwardingStore(new MemoryStore(clock)) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            if (id.equals(pack)) {
              bytes[bytes.length / 2] ^= 1;
            }
            inner().put(id, ByteBuffer.wrap(bytes), options);
          }
        };
    assertThrows(DamagedException.class, () -> sync(source, spoils, Wish.check(SyncCheck.CONTENT)));
  }

  @Test
  void comparesWhatWasThereBeforeIfTold() throws Exception {
    SyncedRepository repository = make(3);
    repository.save();
    sync();
    int spoiled = 0;
    for (String kind : new String[] {"p", "q", "x"}) {
      BlobId id = first(kind);
      byte[] bytes = destination.get(id);
      bytes[bytes.length / 3] ^= 4;
      destination.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
      spoiled++;
    }
    assertEquals(0, sync(source, destination, Wish.check(SyncCheck.CONTENT)).copiedBlobs());
    SyncResult result = sync(source, destination, Wish.check(SyncCheck.ALL));
    assertEquals(spoiled, result.copiedBlobs());
    assertEquals(spoiled, result.replacedBlobs());
    assertEquals(1, repository.check(destination, "healed"));
  }

  @Test
  void aSourceThatGivesTooLittleIsDamaged() throws Exception {
    make(3).save();
    var brief =
        new ForwardingStore(source) {
          @Override
          public byte[] get(BlobId id) throws RepositoryException {
            byte[] bytes = inner().get(id);
            return id.startsWith("p") ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
          }
        };
    assertThrows(DamagedException.class, () -> sync(brief, destination, Wish.NONE));
    assertTrue(blobs(destination).keySet().stream().noneMatch(id -> id.startsWith("p")));
  }

  @Test
  void copiesLongBlobsInPieces() throws Exception {
    make(3).save();
    put(source, "pfeed-long", BlobCopier.PIECE_BYTES * 2 + 17);
    sync(source, destination, Wish.check(SyncCheck.CONTENT));
    assertEquals(blobs(source), blobs(destination));
  }

  @Test
  void copiesKeepTheirTimesInAFolder() throws Exception {
    make(3).save();
    clock.advance(Duration.ofDays(3));
    try (BlobStore folder =
        FilesystemStore.create(FilesystemOptions.of(scratch.resolve("to").toString()))) {
      sync(source, folder, Wish.NONE);
      var times = new TreeMap<BlobId, BlobMetadata>();
      folder.list("", blob -> times.put(blob.id(), blob));
      for (BlobMetadata blob : times.values()) {
        assertEquals(source.metadata(blob.id()), Optional.of(blob));
      }
      assertEquals(List.of(), warnings);
    }
    sync();
    assertEquals(1, warnings.size(), "a memory store keeps no times");
  }

  @Test
  void aNewPasswordIsTakenOverThoughTheCopysClockIsAhead() throws Exception {
    SyncedRepository repository = make(3);
    repository.save();
    var ahead = new MemoryStore(Clock.offset(clock, Duration.ofDays(1)));
    sync(source, ahead, Wish.NONE);
    RepositoryAdmin.changePassword(
        source, SyncedRepository.PASSWORD, "another", new SeededRandom(77));
    assertEquals(2, sync(source, ahead, Wish.NONE).copiedBlobs());
    for (BlobId id : List.of(FORMAT, new BlobId(BlobRetention.BLOB_NAME))) {
      assertArrayEquals(source.get(id), ahead.get(id), id.value());
    }
    assertEquals(0, sync(source, ahead, Wish.NONE).copiedBlobs());
  }

  @Test
  void aCopySaysThatItsIndexIsNotWhole() throws Exception {
    SyncedRepository repository = make(3);
    repository.save();
    sync();
    repository.save();
    repository.save();
    // The second of the new index blobs does not arrive any more.
    FaultyStore whole = new FaultyStore(clone(destination), Retry.NEVER);
    sync(source, whole, Wish.NONE);
    int last = whole.calls().size();
    while (!whole.calls().get(last - 1).startsWith("put xn")) {
      last--;
    }
    FaultyStore cut = new FaultyStore(destination, Retry.NEVER).failAt(last, Fault.CRASH_BEFORE);
    assertThrows(StoreException.class, () -> sync(source, cut, Wish.NONE));
    assertTrue(destination.metadata(RepositorySync.UNFINISHED).isPresent());
    sync();
    assertTrue(destination.metadata(RepositorySync.UNFINISHED).isEmpty());
    int puts = 0;
    FaultyStore again = new FaultyStore(destination, Retry.NEVER);
    sync(source, again, Wish.NONE);
    for (String call : again.calls()) {
      puts += call.startsWith("put") ? 1 : 0;
    }
    assertEquals(0, puts, "nothing was due");
  }

  @Test
  void locksCopiesWhereTheDestinationCan() throws Exception {
    make(3).save();
    var retention = new BlobRetention("GOVERNANCE", Duration.ofDays(3));
    Set<BlobId> locked = new TreeSet<>();
    var locking =
        new ForwardingStore(new MemoryStore(clock)) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions put)
              throws RepositoryException {
            if (put.retention().equals(Optional.of(retention))) {
              locked.add(id);
            }
            inner().put(id, content, PutOptions.NONE);
          }
        };
    RepositorySync.run(source, locking, options(Wish.NONE, retention), listener);
    Set<BlobId> lockable = new TreeSet<>(blobs(source).keySet());
    lockable.removeIf(id -> !BlobRetention.appliesTo(id));
    assertEquals(lockable, locked);
    warnings.clear();
    RepositorySync.run(source, destination, options(Wish.NONE, retention), listener);
    assertEquals(blobs(source), blobs(destination));
    assertTrue(
        warnings.stream().anyMatch(text -> text.contains("cannot lock")), warnings::toString);
  }
}
