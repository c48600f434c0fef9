package dev.longshore.engine.blob.azure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.RetryingStore;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.FaultyAzure;
import dev.longshore.engine.testkit.FaultyS3.Fault;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
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

/// What the store makes of servers that fail, refuse and stall, and of locks.
@Timeout(60)
class AzureFaultTest {
  private static final BlobId ID = new BlobId("p0");
  private static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(500));
  private static final BlobRetention THREE_DAYS =
      new BlobRetention("GOVERNANCE", Duration.ofDays(3));
  private static final PutOptions LOCKED = new PutOptions(Optional.of(THREE_DAYS), false);

  @TempDir Path folder;
  private FaultyAzure server = newServer();

  private static FaultyAzure newServer() {
    try {
      return new FaultyAzure();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.stallMillis(5_000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private BlobStore open(Optional<Path> drafts) throws RepositoryException {
    return AzureStore.open(
        AzureTestStores.options(server.address(), "container", "a/"),
        AzureTestStores.environment(drafts, SHORT),
        "");
  }

  private BlobStore open() throws RepositoryException {
    return open(Optional.empty());
  }

  private static BlobStore patient(BlobStore store) {
    return new RetryingStore(
        store, RetryPolicy.DEFAULT, Clock.systemUTC(), new SplittableRandom(1), pause -> {});
  }

  private static void put(BlobStore store, BlobId id, byte[] bytes) throws RepositoryException {
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
      calls += 100 / FaultyAzure.PAGE;
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
  void draftsInFilesAreSentWholeAndLeaveNothing() throws Exception {
    byte[] bytes = Seeds.bytes(Seeds.generator(3), 700_001);
    try (BlobStore store = open(Optional.of(folder))) {
      assertFalse(store.draftsInMemory());
      try (BlobDraft draft = store.draft(ID, bytes.length, PutOptions.NONE)) {
        draft.write(0, ByteBuffer.wrap(bytes));
        draft.publish(bytes.length);
      }
      assertEquals(1, server.requests());
      assertArrayEquals(bytes, store.get(ID));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void locksAndProlongsAsAsked() throws Exception {
    Instant end = Instant.now().plus(Duration.ofHours(71));
    try (BlobStore store = open()) {
      store.put(ID, ByteBuffer.wrap(new byte[1]), LOCKED);
      assertTrue(server.lockedUntil("a/p0").isAfter(end), "not locked for long enough");
      store.extendRetention(ID, new BlobRetention("COMPLIANCE", Duration.ofDays(9)));
      assertTrue(server.lockedUntil("a/p0").isAfter(end.plus(Duration.ofDays(6))), "not prolonged");
    }
  }

  @Test
  void deletingALockedBlobHidesItAndKeepsItsVersion() throws Exception {
    try (BlobStore store = open()) {
      store.put(ID, ByteBuffer.wrap(new byte[5]), LOCKED);
      store.delete(ID);
      assertEquals(List.of("a/p0 1 false"), server.state());
      assertThrows(NotFoundException.class, () -> store.get(ID));
      store.list(
          "",
          blob -> {
            throw new AssertionError(blob.toString());
          });
      store.delete(ID);
    }
  }

  @Test
  void aContainerWithoutLocksIsNoPlaceForThem() throws Exception {
    server.plan((method, key, headers) ->
        headers.containsKey("X-ms-immutability-policy-mode")
            ? Fault.NOT_IMPLEMENTED_501
            : Fault.NONE);
    try (BlobStore store = open()) {
      assertThrows(
          UnsupportedException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[1]), LOCKED));
      put(store, ID, new byte[1]);
      assertThrows(UnsupportedException.class, () -> store.extendRetention(ID, THREE_DAYS));
    }
  }

  @Test
  void noAnswerInTimeIsAFaultThatMayPass() throws Exception {
    server.plan((method, key, headers) -> Fault.STALL);
    try (BlobStore store = open()) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.BACKOFF, fault.retry());
      fault = assertThrows(StoreException.class, () -> store.metadata(ID));
      assertEquals(Retry.BACKOFF, fault.retry());
    }
  }
}
