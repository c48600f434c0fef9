package dev.longshore.engine.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottledStoreTest {
  private static final BlobId ID = new BlobId("p0123");
  private static final int MB = 1_000_000;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore inner = new MemoryStore(clock);

  @FunctionalInterface
  private interface Step {
    void run(BlobStore store) throws RepositoryException;
  }

  /// How long some steps take in the time of the clock.
  private Duration timeOf(ThrottlingLimits limits, int times, Step step)
      throws RepositoryException {
    BlobStore store = ThrottledStore.of(inner, limits, clock, clock);
    Instant begin = clock.instant();
    for (int i = 0; i < times; i++) {
      step.run(store);
    }
    return Duration.between(begin, clock.instant());
  }

  private static void put(BlobStore store, int bytes) throws RepositoryException {
    store.put(ID, ByteBuffer.allocate(bytes), PutOptions.NONE);
  }

  @Test
  void bytesTakeTheirTimeInEachDirection() throws Exception {
    put(inner, 2 * MB);
    var up = new ThrottlingLimits(0, 0, 0, MB, 0, 0, 0);
    assertEquals(Duration.ofSeconds(19), timeOf(up, 10, store -> put(store, 2 * MB)));
    assertEquals(Duration.ZERO, timeOf(up, 10, store -> store.get(ID)));
    assertEquals(
        Duration.ofSeconds(19),
        timeOf(
            up,
            10,
            store -> {
              try (BlobDraft draft = store.draft(ID, 2 * MB, PutOptions.NONE)) {
                draft.write(0, ByteBuffer.allocate(2 * MB));
                draft.publish(2 * MB);
              }
            }));
    var down = new ThrottlingLimits(0, 0, 0, 0, MB, 0, 0);
    assertEquals(Duration.ofSeconds(19), timeOf(down, 10, store -> store.get(ID)));
    assertEquals(Duration.ofSeconds(4), timeOf(down, 10, store -> store.getRange(ID, 7, MB / 2)));
    assertEquals(
        Duration.ofSeconds(4),
        timeOf(down, 10, store -> store.getRange(ID, 7, ByteBuffer.allocate(MB / 2))));
    assertEquals(Duration.ZERO, timeOf(down, 10, store -> put(store, 2 * MB)));
  }

  @Test
  void requestsOfEachKindHaveTheirOwnRate() throws Exception {
    put(inner, 1);
    var reads = new ThrottlingLimits(2, 0, 0, 0, 0, 0, 0);
    var writes = new ThrottlingLimits(0, 2, 0, 0, 0, 0, 0);
    var lists = new ThrottlingLimits(0, 0, 2, 0, 0, 0, 0);
    Step get = store -> store.get(ID);
    Step look = store -> store.metadata(ID);
    Step put = store -> put(store, 1);
    Step delete = store -> store.delete(new BlobId("missing"));
    Step list = store -> store.list("", blob -> {});
    Duration slow = Duration.ofSeconds(9);
    for (Step step : List.of(get, look)) {
      assertEquals(slow, timeOf(reads, 20, step));
      assertEquals(Duration.ZERO, timeOf(writes, 20, step));
      assertEquals(Duration.ZERO, timeOf(lists, 20, step));
    }
    for (Step step : List.of(put, delete)) {
      assertEquals(slow, timeOf(writes, 20, step));
      assertEquals(Duration.ZERO, timeOf(reads, 20, step));
      assertEquals(Duration.ZERO, timeOf(lists, 20, step));
    }
    assertEquals(slow, timeOf(lists, 20, list));
    assertEquals(Duration.ZERO, timeOf(reads, 20, list));
  }

  @Test
  void aPauseIsMadeUpForByOneSecondOnly() throws Exception {
    BlobStore store =
        ThrottledStore.of(inner, new ThrottlingLimits(0, 0, 0, MB, 0, 0, 0), clock, clock);
    put(store, MB);
    clock.advance(Duration.ofHours(1));
    Instant begin = clock.instant();
    for (int i = 0; i < 5; i++) {
      put(store, MB);
    }
    assertEquals(Duration.ofSeconds(4), Duration.between(begin, clock.instant()));
    clock.advance(Duration.ofDays(-1));
    begin = clock.instant();
    put(store, MB);
    assertEquals(
        Duration.ofSeconds(2),
        Duration.between(begin, clock.instant()),
        "a clock that is set back costs what was being waited for");
  }

  @Test
  void noMoreCallsAtOnceThanAllowed() throws Exception {
    put(inner, 1);
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var full = new CountDownLatch(3);
    var slow =
        new ForwardingStore(inner) {
          @Override
          public byte[] get(BlobId id) throws RepositoryException {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            full.countDown();
            try {
              full.await(10, TimeUnit.SECONDS);
              return inner().get(id);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            } finally {
              running.decrementAndGet();
            }
          }
        };
    BlobStore store =
        ThrottledStore.of(slow, new ThrottlingLimits(0, 0, 0, 0, 0, 3, 1), clock, clock);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        calls.add(() -> store.get(ID));
      }
      for (Future<byte[]> future : threads.invokeAll(calls)) {
        assertEquals(1, future.get().length);
      }
    }
    assertEquals(3, most.get());
  }

  @Test
  void withoutLimitsThereIsNothingInBetween() {
    assertSame(inner, ThrottledStore.of(inner, ThrottlingLimits.NONE, clock, clock));
  }

  @Test
  void limitsAreFoundAmongOtherFields() throws Exception {
    byte[] json =
        "{\"path\":\"/x\",\"a\":[{}],\"maxUploadSpeedBytesPerSecond\":1e6,\"concurrentReads\":3}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(new ThrottlingLimits(0, 0, 0, 1e6, 0, 3, 0), ThrottlingLimits.parse(json));
    assertTrue(ThrottlingLimits.parse(new byte[] {'{', '}'}).equals(ThrottlingLimits.NONE));
  }

  /// Limits change when a call is made, and nothing else.
  static final class Contract extends StoreContract {
    @Override
    protected BlobStore newStore() {
      FakeClock time = FakeClock.of2026();
      return ThrottledStore.of(
          new MemoryStore(time), new ThrottlingLimits(9, 9, 9, 99, 99, 4, 4), time, time);
    }
  }
}
