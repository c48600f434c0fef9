package dev.longshore.engine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConcurrentTest {
  @Test
  void budgetIsNeverExceeded() throws Exception {
    ByteBudget budget = new ByteBudget(10 * 1024);
    AtomicInteger out = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (CpuPool pool = new CpuPool("test", 4, budget)) {
      List<Future<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int kib = 1 + i % 7;
        tasks.add(
            pool.submit(
                kib * 1024L,
                () -> {
                  most.accumulateAndGet(out.addAndGet(kib), Math::max);
                  Thread.sleep(0, 1000);
                  out.addAndGet(-kib);
                  return true;
                }));
        assertTrue(budget.usedBytes() <= 10 * 1024);
      }
      for (Future<Boolean> task : tasks) {
        assertTrue(task.get());
      }
    }
    assertTrue(most.get() <= 10, "KiB at once: " + most);
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void aRequestAboveTheBudgetIsGrantedAlone() throws Exception {
    ByteBudget budget = new ByteBudget(1000);
    ByteBudget.Lease all = budget.acquire(1_000_000);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                budget.acquire(1).close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertFalse(waiting.join(Duration.ofMillis(50)));
    all.close();
    all.close();
    waiting.join();
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void aFailedTaskGivesItsBytesBack() throws Exception {
    ByteBudget budget = new ByteBudget(1024);
    try (CpuPool pool = new CpuPool("test", 1, budget)) {
      Future<Object> failed =
          pool.submit(
              1024,
              () -> {
                throw new NotFoundException("on purpose");
              });
      ExecutionException e = assertThrows(ExecutionException.class, failed::get);
      assertTrue(e.getCause() instanceof NotFoundException);
      assertEquals(7, pool.submit(1024, () -> 7).get());
    }
  }

  @Test
  void scopeRunsEverythingAndNoMoreThanAllowed() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (Scope scope = new Scope("test", 3)) {
      for (int i = 0; i < 50; i++) {
        scope.fork(() -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          LockSupport.parkNanos(10_000);
          running.decrementAndGet();
          done.incrementAndGet();
        });
      }
      scope.join();
    }
    assertEquals(50, done.get());
    assertTrue(most.get() <= 3, "at once: " + most);
  }

  @Test
  void scopeEndsWithTheFirstFaultAndInterruptsTheRest() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    try (Scope scope = new Scope("test", 2)) {
      scope.fork(() -> {
        try {
          started.countDown();
          Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        } catch (InterruptedException e) {
          interrupted.incrementAndGet();
        }
      });
      started.await();
      scope.fork(() -> {
        throw new NotFoundException("first");
      });
      NotFoundException fault = assertThrows(NotFoundException.class, scope::join);
      assertEquals("first", fault.getMessage());
      assertThrows(NotFoundException.class, () -> scope.fork(() -> {}));
    }
    assertEquals(1, interrupted.get());
  }

  @Test
  void closingAScopeEndsWhatRuns() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    try (Scope scope = new Scope("test", 2)) {
      scope.fork(() -> {
        started.countDown();
        try {
          Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        } catch (InterruptedException e) {
          interrupted.incrementAndGet();
          throw new StoreException("interrupted", StoreException.Retry.NEVER, e);
        }
      });
      started.await();
    }
    assertEquals(1, interrupted.get());
  }

  @Test
  void buffersComeBackUpToTheBound() {
    BufferPool pool = new BufferPool(3 << 20);
    byte[] first;
    try (BufferPool.Lease lease = pool.lease(800 << 10)) {
      first = lease.array();
      assertEquals(900 << 10, first.length, "with an eighth to spare");
    }
    assertEquals(900 << 10, pool.keptBytes());
    BufferPool.Lease again = pool.lease(900 << 10);
    assertSame(first, again.array());
    assertEquals(0, pool.keptBytes());
    BufferPool.Lease other = pool.lease(900 << 10);
    assertNotSame(first, other.array());
    BufferPool.Lease large = pool.lease(2 << 20);
    large.close();
    again.close();
    again.close();
    assertEquals(large.array().length, pool.keptBytes(), "the second was one too many");
    pool.lease(100).close();
    assertEquals(100, pool.lease(100).array().length);
    assertEquals(large.array().length, pool.keptBytes());
    other.close();
  }

  @Test
  void aBufferThatIsTooShortMakesWayForALongerOne() {
    BufferPool pool = new BufferPool(64 << 20);
    pool.lease(1 << 20).close();
    long before = pool.keptBytes();
    BufferPool.Lease longer = pool.lease(2 << 20);
    assertTrue(longer.array().length >= 2 << 20);
    longer.close();
    assertEquals(longer.array().length, pool.keptBytes());
    assertTrue(pool.keptBytes() > before);
  }
}
