package dev.longshore.engine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkStackTest {
  @Test
  void doesEveryTaskThatTasksFind() throws InterruptedException {
    ConcurrentSkipListSet<Integer> done = new ConcurrentSkipListSet<>();
    AtomicReference<WorkStack<Integer>> stack = new AtomicReference<>();
    stack.set(
        new WorkStack<>(n -> {
          assertTrue(done.add(n));
          if (n < 1000) {
            stack.get().add(List.of(2 * n, 2 * n + 1));
          }
        }));
    stack.get().add(List.of(1));

    stack.get().run("test", 4);

    assertEquals(1999, done.size());
    assertEquals(1999, done.last());
  }

  @Test
  void oneThreadTakesTheLastFoundFirst() throws InterruptedException {
    StringBuilder order = new StringBuilder();
    WorkStack<String> stack = new WorkStack<>(order::append);
    stack.add(List.of("a", "b", "c"));

    stack.run("test", 1);

    assertEquals("cba", order.toString());
  }

  @Test
  void crashEndsTheWork() {
    AtomicReference<WorkStack<Integer>> stack = new AtomicReference<>();
    stack.set(
        new WorkStack<>(n -> {
          if (n == 100) {
            throw new IllegalArgumentException("a bug");
          }
          stack.get().add(List.of(n + 1, n + 1));
        }));
    stack.get().add(List.of(0));

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> stack.get().run("test", 3));
    assertTrue(e.getCause() instanceof IllegalArgumentException);
  }

  @Test
  void interruptionEndsTheWorkAndWaitsForIt() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    WorkStack<Integer> stack =
        new WorkStack<>(n -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            ended.set(true);
          }
        });
    stack.add(List.of(1));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                stack.run("test", 2);
              } catch (InterruptedException e) {
                thrown.set(e);
              }
            });
    started.await();

    caller.interrupt();
    caller.join();

    assertTrue(ended.get());
    assertTrue(thrown.get() instanceof InterruptedException);
  }
}
