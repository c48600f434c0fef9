package dev.longshore.engine.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.FaultyServer;
import dev.longshore.engine.testkit.FaultyServer.Fault;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every store over a network makes of servers that fail, refuse, stall and lock. A subclass
/// says what is spoken.
@Timeout(60)
public abstract class RemoteFaultContract<S extends FaultyServer> {
  /// A blob.
  protected static final BlobId ID = new BlobId("p0");

  /// Names in the server begin with this.
  protected static final String PREFIX = "a/";

  /// Short enough to wait for.
  protected static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(500));

  private static final BlobRetention THREE_DAYS =
      new BlobRetention("GOVERNANCE", Duration.ofDays(3));
  private static final PutOptions LOCKED = new PutOptions(Optional.of(THREE_DAYS), false);

  /// A folder of the test's.
  @TempDir protected Path folder;

  private S server;

  /// Starts a server.
  protected abstract S newServer() throws IOException;

  /// A store in the server, below [#PREFIX], with [#SHORT] time limits.
  protected abstract BlobStore open(Optional<Path> drafts) throws RepositoryException;

  /// The server of this test.
  protected final S server() {
    return server;
  }

  @BeforeEach
  final void start() throws IOException {
    server = newServer();
    server.stallMillis(5_000);
  }

  @AfterEach
  final void stop() {
    server.close();
  }

  /// A store with drafts in memory.
  protected final BlobStore open() throws RepositoryException {
    return open(Optional.empty());
  }

  /// The same store, tried again without waiting.
  protected static BlobStore patient(BlobStore store) {
    return new RetryingStore(
        store, RetryPolicy.DEFAULT, Clock.systemUTC(), new SplittableRandom(1), pause -> {});
  }

  /// Puts a blob without options.
  protected static void put(BlobStore store, BlobId id, byte[] bytes) throws RepositoryException {
    store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  @Test
  void goesOnThoughOneCallInTwentyFails() throws Exception {
    RandomGenerator random = Seeds.generator(7);
    Fault[] faults = {
      Fault.ERROR_500,
      Fault.SLOW_DOWN_503,
      Fault.TOO_MANY_429,
      Fault.RESET,
      Fault.ANSWER_LOST,
      Fault.TRUNCATED,
      Fault.STALL
    };
    AtomicInteger stalls = new AtomicInteger();
    server.plan((method, key, headers) -> {
      synchronized (random) {
        Fault fault = random.nextInt(20) == 0 ? faults[random.nextInt(faults.length)] : Fault.NONE;
        // Each stall takes the whole time limit.
        return fault == Fault.STALL && stalls.incrementAndGet() > 3 ? Fault.RESET : fault;
      }
    });
    int calls = 0;
    try (BlobStore store = patient(open())) {
      for (int i = 0; i < 100; i++) {
        BlobId id = new BlobId("p" + i);
        byte[] bytes = Seeds.bytes(Seeds.generator(i), 1 + i * 997);
        put(store, id, bytes);
        assertArrayEquals(bytes, store.get(id));
        assertArrayEquals(
            Arrays.copyOfRange(bytes, i, bytes.length), store.getRange(id, i, bytes.length - i));
        assertEquals(bytes.length, store.metadata(id).orElseThrow().lengthBytes());
        calls += 4;
      }
      List<BlobId> listed = new ArrayList<>();
      store.list("p", blob -> listed.add(blob.id()));
      assertEquals(100, listed.size());
      calls += 100 / FaultyServer.PAGE;
      for (int i = 0; i < 100; i++) {
        store.delete(new BlobId("p" + i));
        calls++;
      }
    }
    assertTrue(server.requests() > calls, "nothing failed");
    assertTrue(server.requests() <= calls * 1.2, server.requests() + " requests, ideal " + calls);
  }

  @Test
  void pagesAreTriedAgainAndNoNameComesTwice() throws Exception {
    try (BlobStore store = open()) {
      for (int i = 100; i < 135; i++) {
        put(store, new BlobId("p" + i), new byte[i]);
      }
      put(store, new BlobId("q1"), new byte[1]);
      AtomicInteger lists = new AtomicInteger();
      server.plan((method, key, headers) ->
          lists.incrementAndGet() % 2 == 0 ? Fault.SLOW_DOWN_503 : Fault.NONE);
      List<String> names = new ArrayList<>();
      store.list("p", blob -> names.add(blob.id().value()));
      assertEquals(IntStream.range(100, 135).mapToObj(i -> "p" + i).toList(), names);
    }
  }

  @Test
  void missingBlobsAreNotFoundAndNotAskedForAgain() throws Exception {
    try (BlobStore store = patient(open())) {
      assertThrows(NotFoundException.class, () -> store.get(ID));
      assertEquals(1, server.requests());
    }
  }

  @Test
  void draftsInFilesAreSentAtOnceAndLeaveNothing() throws Exception {
    byte[] bytes = Seeds.bytes(Seeds.generator(3), 700_001);
    AtomicInteger puts = new AtomicInteger();
    server.plan((method, key, headers) -> {
      puts.addAndGet(method.equals("PUT") ? 1 : 0);
      return Fault.NONE;
    });
    try (BlobStore store = open(Optional.of(folder))) {
      assertFalse(store.draftsInMemory());
      try (BlobDraft draft = store.draft(ID, bytes.length, PutOptions.NONE)) {
        draft.write(0, ByteBuffer.wrap(bytes));
        draft.publish(bytes.length);
      }
      assertEquals(1, puts.get());
      assertArrayEquals(bytes, store.get(ID));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void noAnswerInTimeIsAFaultThatMayPass() throws Exception {
    try (BlobStore store = open()) {
      put(store, ID, new byte[1]);
      server.plan((method, key, headers) -> Fault.STALL);
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.BACKOFF, fault.retry());
      fault = assertThrows(StoreException.class, () -> store.metadata(ID));
      assertEquals(Retry.BACKOFF, fault.retry());
    }
  }

  @Test
  void locksAndProlongsAsAsked() throws Exception {
    Instant end = Instant.now().plus(Duration.ofHours(71));
    try (BlobStore store = patient(open())) {
      store.put(ID, ByteBuffer.wrap(new byte[1]), LOCKED);
      assertTrue(server.lockedUntil(PREFIX + ID).isAfter(end), "not locked for long enough");
      server.plan(once(Fault.SLOW_DOWN_503));
      store.extendRetention(ID, new BlobRetention("COMPLIANCE", Duration.ofDays(9)));
      assertTrue(
          server.lockedUntil(PREFIX + ID).isAfter(end.plus(Duration.ofDays(6))), "not prolonged");
      assertEquals(1, store.get(ID).length, "and the same as before");
      assertThrows(
          NotFoundException.class, () -> store.extendRetention(new BlobId("p1"), THREE_DAYS));
    }
  }

  private static FaultyServer.Plan once(Fault fault) {
    AtomicInteger asked = new AtomicInteger();
    return (method, key, headers) -> asked.getAndIncrement() == 0 ? fault : Fault.NONE;
  }

  @Test
  void aPlaceWithoutLocksIsNoPlaceForThem() throws Exception {
    server.locks(false);
    try (BlobStore store = open()) {
      refusesLocks(store);
      put(store, ID, new byte[1]);
      assertThrows(UnsupportedException.class, () -> store.extendRetention(ID, THREE_DAYS));
    }
  }

  @Test
  void aServerThatNeverHeardOfLocksIsNoPlaceForThem() throws Exception {
    server.plan((method, key, headers) ->
        headers.keySet().stream().anyMatch(name -> name.contains("lock-mode"))
                || headers.containsKey("X-ms-immutability-policy-mode")
            ? Fault.NOT_IMPLEMENTED_501
            : Fault.NONE);
    try (BlobStore store = open()) {
      refusesLocks(store);
    }
  }

  private static void refusesLocks(BlobStore store) {
    assertThrows(
        UnsupportedException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[1]), LOCKED));
  }

  /// Who believed that would go on without locks where there are some.
  @Test
  void aRefusalForAnotherReasonIsNoLackOfLocks() throws Exception {
    try (BlobStore store = open()) {
      put(store, ID, new byte[1]);
      server.plan(
          (method, key, headers) -> method.equals("PUT") ? Fault.BAD_REQUEST_400 : Fault.NONE);
      StoreException fault =
          assertThrows(
              StoreException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[2]), LOCKED));
      assertEquals(Retry.NEVER, fault.retry());
      assertThrows(StoreException.class, () -> store.extendRetention(ID, THREE_DAYS));
      // Nor is it known if the server cannot be asked.
      server.plan((method, key, headers) -> Fault.BAD_REQUEST_400);
      assertThrows(StoreException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[2]), LOCKED));
    }
  }
}
