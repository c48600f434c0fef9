package dev.longshore.engine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BoundedBuffersTest {
  private static final int KIB = 1 << 10;

  @Test
  void anArrayIsLentAgain() throws Exception {
    BoundedBuffers buffers = new BoundedBuffers(1000 * KIB, 300 * KIB);
    byte[] first;
    try (BoundedBuffers.Lease lease = buffers.lease(300 * KIB)) {
      first = lease.array();
      assertEquals(300 * KIB, first.length);
    }
    for (int bytes : new int[] {100 * KIB, 200 * KIB, 300 * KIB}) {
      try (BoundedBuffers.Lease lease = buffers.lease(bytes)) {
        assertSame(first, lease.array());
      }
    }
    assertEquals(300 * KIB, buffers.heldBytes());
  }

  @Test
  void aSmallRequestGetsASmallArray() throws Exception {
    BoundedBuffers buffers = new BoundedBuffers(10_000 * KIB, 8000 * KIB);
    try (BoundedBuffers.Lease lease = buffers.lease(1)) {
      assertEquals(64 * KIB, lease.array().length);
    }
    try (BoundedBuffers.Lease lease = buffers.lease(65 * KIB)) {
      assertEquals(128 * KIB, lease.array().length);
    }
  }

  @Test
  void aRequestAboveTheBudgetIsGrantedAloneAndNotKept() throws Exception {
    BoundedBuffers buffers = new BoundedBuffers(500 * KIB, 100 * KIB);
    buffers.lease(100 * KIB).close();
    try (BoundedBuffers.Lease lease = buffers.lease(5000 * KIB)) {
      assertEquals(5000 * KIB, lease.array().length);
      assertEquals(5000 * KIB, buffers.heldBytes(), "what was kept made room");
    }
    assertEquals(0, buffers.heldBytes());
  }

  @Test
  void aRequestThatTheHeapHasNoRoomForLeavesNoTrace() throws Exception {
    BoundedBuffers buffers = new BoundedBuffers(500 * KIB, 100 * KIB);
    assertThrows(OutOfMemoryError.class, () -> buffers.lease(Integer.MAX_VALUE));
    assertEquals(0, buffers.heldBytes());
    buffers.lease(500 * KIB).close();
  }

  @Test
  void allArraysTogetherStayWithinTheBudget() throws Exception {
    BoundedBuffers buffers = new BoundedBuffers(1000 * KIB, 256 * KIB);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        SplittableRandom random = new SplittableRandom(i);
        tasks.add(
            threads.submit(() -> {
              for (int round = 0; round < 500; round++) {
                try (BoundedBuffers.Lease lease = buffers.lease(random.nextInt(600 * KIB))) {
                  lease.array()[0] = 1;
                  assertTrue(buffers.heldBytes() <= 1000 * KIB);
                }
              }
              return true;
            }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
    assertTrue(buffers.mostBytes() <= 1000 * KIB, "most: " + buffers.mostBytes());
    assertTrue(buffers.mostBytes() > 600 * KIB, "several at once");
  }

  @Test
  void closingTwiceGivesBackOnce() throws Exception {
    BoundedBuffers buffers = new BoundedBuffers(100 * KIB, 100 * KIB);
    BoundedBuffers.Lease lease = buffers.lease(100 * KIB);
    lease.close();
    lease.close();
    assertEquals(100 * KIB, buffers.heldBytes());
    buffers.lease(100 * KIB).close();
    assertEquals(100 * KIB, buffers.heldBytes());
  }
}
