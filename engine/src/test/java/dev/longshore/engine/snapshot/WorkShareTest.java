package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkShareTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void everyTaskOfATreeRunsOnce(int helpers) throws IOException {
    AtomicInteger leaves = new AtomicInteger();
    try (WorkShare share = new WorkShare(helpers)) {
      share.runRoot(() -> grow(share, 4, leaves));
    }
    assertEquals(10_000, leaves.get());
  }

  private static void grow(WorkShare share, int levels, AtomicInteger leaves) throws IOException {
    if (levels == 0) {
      leaves.incrementAndGet();
      return;
    }
    try (WorkShare.Group group = share.group()) {
      for (int i = 0; i < 10; i++) {
        group.run(() -> grow(share, levels - 1, leaves));
      }
      group.join();
    }
  }

  @Test
  void helperGoesOnWhileTheOwnerIsBusy() throws IOException {
    int tasks = 20;
    CountDownLatch done = new CountDownLatch(tasks);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (WorkShare share = new WorkShare(1)) {
      share.runRoot(() -> {
        try (WorkShare.Group group = share.group()) {
          for (int i = 0; i < tasks; i++) {
            group.run(() -> {
              threads.add(Thread.currentThread());
              done.countDown();
            });
          }
          // The owner does nothing, and yet all is done.
          assertTrue(await(done));
          group.join();
        }
        assertFalse(threads.contains(Thread.currentThread()));
      });
    }
    assertEquals(1, threads.size());
  }

  @Test
  void whatIsTooMuchToWaitIsDoneByTheOwner() throws IOException {
    AtomicInteger own = new AtomicInteger();
    CountDownLatch ownBegan = new CountDownLatch(1);
    try (WorkShare share = new WorkShare(1)) {
      share.runRoot(() -> {
        Thread owner = Thread.currentThread();
        try (WorkShare.Group group = share.group()) {
          for (int i = 0; i < 1000; i++) {
            group.run(() -> {
              if (Thread.currentThread().equals(owner)) {
                own.incrementAndGet();
                ownBegan.countDown();
              } else {
                assertTrue(await(ownBegan));
              }
            });
          }
          group.join();
        }
      });
    }
    assertTrue(own.get() > 0, () -> own + " tasks");
  }

  @Test
  void failureIsThrownAndLeavesOutWhatWaits() {
    AtomicInteger ran = new AtomicInteger();
    try (WorkShare share = new WorkShare(1)) {
      IOException failure =
          assertThrows(
              IOException.class,
              () ->
                  share.runRoot(() -> {
                    CountDownLatch failed = new CountDownLatch(1);
                    try (WorkShare.Group group = share.group()) {
                      group.run(() -> {
                        failed.countDown();
                        throw new IOException("broken");
                      });
                      assertTrue(await(failed));
                      group.join();
                      ran.incrementAndGet();
                    }
                  }));
      assertEquals("broken", failure.getMessage());
    }
    assertEquals(0, ran.get());
  }

  @Test
  void closedGroupWaitsForWhatRunsAndDropsTheRest() throws IOException {
    AtomicInteger began = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    try (WorkShare share = new WorkShare(1)) {
      share.runRoot(() -> {
        Thread owner = Thread.currentThread();
        try (WorkShare.Group group = share.group()) {
          for (int i = 0; i < 5; i++) {
            group.run(() -> {
              began.incrementAndGet();
              first.countDown();
              assertTrue(await(closing));
              while (owner.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              ended.incrementAndGet();
            });
          }
          assertTrue(await(first));
          closing.countDown();
        }
        assertEquals(1, ended.get());
      });
    }
    assertEquals(1, began.get());
  }

  private static boolean await(CountDownLatch latch) throws IOException {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
