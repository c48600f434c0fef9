package dev.longshore.engine.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RetryingStoreTest extends StoreContract {
  private static final BlobId ID = new BlobId("p1");

  private final FakeClock clock = FakeClock.of2026();
  private final FaultyStore faulty = new FaultyStore(new MemoryStore(clock), Retry.BACKOFF);
  private final List<Duration> pauses = new ArrayList<>();

  private RetryingStore retrying(BlobStore inner, RetryPolicy policy) {
    return new RetryingStore(
        inner,
        policy,
        clock,
        Seeds.generator(1),
        pause -> {
          pauses.add(pause);
          clock.sleep(pause);
        });
  }

  @Override
  protected BlobStore newStore() {
    return retrying(faulty, RetryPolicy.DEFAULT);
  }

  private static void put(BlobStore store, String text) throws RepositoryException {
    store.put(ID, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), PutOptions.NONE);
  }

  @Test
  void triesAgainWithTheWholeBuffer() throws Exception {
    for (Fault fault : List.of(Fault.FAIL_BEFORE, Fault.FAIL_AFTER)) {
      faulty.failNext(fault);
      put(store(), "all of it");
      assertArrayEquals("all of it".getBytes(StandardCharsets.UTF_8), store().get(ID));
    }
    assertEquals(2, pauses.size());
  }

  @Test
  void triesReadsListsAndDeletesAgain() throws Exception {
    put(store(), "x");
    faulty.failNext(Fault.FAIL_BEFORE);
    assertEquals(1, store().get(ID).length);
    faulty.failNext(Fault.FAIL_BEFORE);
    assertEquals(1, store().getRange(ID, 0, 1).length);
    faulty.failNext(Fault.FAIL_BEFORE);
    assertTrue(store().metadata(ID).isPresent());
    faulty.failNext(Fault.FAIL_BEFORE);
    List<BlobId> listed = new ArrayList<>();
    store().list("", blob -> listed.add(blob.id()));
    assertEquals(List.of(ID), listed);
    faulty.failNext(Fault.FAIL_AFTER);
    store().delete(ID);
    assertTrue(store().metadata(ID).isEmpty());
  }

  @Test
  void aListIsNotTriedAgainOnceABlobWasVisited() throws Exception {
    put(store(), "x");
    faulty.failNext(Fault.FAIL_AFTER);
    List<BlobId> listed = new ArrayList<>();
    StoreException fault =
        assertThrows(StoreException.class, () -> store().list("", blob -> listed.add(blob.id())));
    assertEquals(Retry.NEVER, fault.retry());
    assertEquals(List.of(ID), listed, "no blob is visited twice");
  }

  @Test
  void putIfAbsentIsTriedOnce() {
    faulty.failNext(Fault.FAIL_AFTER);
    assertThrows(
        StoreException.class,
        () ->
            store().put(ID, ByteBuffer.wrap(new byte[1]), new PutOptions(Optional.empty(), true)));
    assertEquals(List.of(), pauses);
  }

  @Test
  void waitsLongerEachTimeAndGivesUp() {
    faulty.failNext(Fault.CRASH_BEFORE);
    RetryPolicy policy =
        new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofHours(1));
    BlobStore store = retrying(faulty, policy);
    assertThrows(StoreException.class, () -> store.get(ID));
    assertEquals(5, faulty.count());
    int[] upTo = {1, 2, 4, 4};
    assertEquals(upTo.length, pauses.size());
    for (int i = 0; i < upTo.length; i++) {
      double seconds = pauses.get(i).toMillis() / 1000.0;
      assertTrue(seconds >= upTo[i] / 2.0 && seconds <= upTo[i], pauses.toString());
    }
  }

  @Test
  void startsNoTryAfterTheDeadline() {
    faulty.failNext(Fault.CRASH_BEFORE);
    RetryPolicy policy =
        new RetryPolicy(
            1000, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(1));
    Instant start = clock.instant();
    BlobStore store = retrying(faulty, policy);
    assertThrows(StoreException.class, () -> store.get(ID));
    assertTrue(Duration.between(start, clock.instant()).compareTo(Duration.ofMinutes(1)) <= 0);
    assertTrue(faulty.count() > 5);
  }

  @Test
  void hopelessFaultsAndMissingBlobsAreNotTriedAgain() {
    assertThrows(NotFoundException.class, () -> store().get(ID));
    FaultyStore hopeless = new FaultyStore(new MemoryStore(clock), Retry.NEVER);
    hopeless.failNext(Fault.FAIL_BEFORE);
    BlobStore store = retrying(hopeless, RetryPolicy.DEFAULT);
    assertThrows(StoreException.class, () -> store.get(ID));
    assertEquals(1, hopeless.count());
    assertEquals(List.of(), pauses);
  }
}
