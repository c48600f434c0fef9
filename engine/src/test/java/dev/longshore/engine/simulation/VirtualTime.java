package dev.longshore.engine.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Virtual threads that take turns on the caller's thread, in a time that passes when all of them
/// wait.
///
/// A virtual thread's children run where it runs, so all that the engine starts below a thread of
/// this class takes part, and nothing runs beside it: which thread goes on is drawn by chance, and
/// the same chance gives the same order. What leaves this order: `Object.wait`, and monitors that
/// are held while waiting, for the JVM wakes those threads by a thread of its own; `Thread.sleep`
/// and waits with a limit, which go by the system's time.
///
/// The JDK has no public way to choose the scheduler of a virtual thread: the constructor's helper
/// is called by reflection, which needs `--add-opens java.base/java.lang=ALL-UNNAMED`.
final class VirtualTime {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final Method NEW_THREAD = newThread();

  private final RandomGenerator random;

  /// What can run, in the order in which it was woken; guarded by itself, as the JVM may add to it.
  private final List<Runnable> ready = new ArrayList<>();

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Executor scheduler = this::add;
  private Instant now;
  private long order;

  private record Event(Instant at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  VirtualTime(Instant start, RandomGenerator random) {
    this.now = start;
    this.random = random;
  }

  private static Method newThread() {
    try {
      Method method =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK makes virtual threads in another way", e);
    }
  }

  private void add(Runnable continuation) {
    synchronized (ready) {
      ready.add(continuation);
      ready.notifyAll();
    }
  }

  /// The time.
  Instant now() {
    return now;
  }

  /// Starts a thread.
  void start(String name, Runnable body) {
    try {
      ((Thread) NEW_THREAD.invoke(null, scheduler, name, 0, body)).start();
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Does something later, on no thread in particular.
  void after(Duration delay, Runnable action) {
    events.add(new Event(now.plus(delay), order++, action));
  }

  /// A thread's wait for a time, or for somebody.
  static final class Pause {
    private final Thread thread = Thread.currentThread();
    private boolean over;

    /// Ends the wait.
    void end() {
      over = true;
      LockSupport.unpark(thread);
    }

    /// Waits; an interrupt does not end it.
    void await() {
      boolean interrupted = false;
      while (!over) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        thread.interrupt();
      }
    }
  }

  /// The calling thread's wait for a time. It still has to be awaited.
  Pause pause(Duration duration) {
    Pause pause = new Pause();
    after(duration, pause::end);
    return pause;
  }

  /// Runs threads and lets time pass until something is so.
  ///
  /// @throws IllegalStateException if every thread waits for another
  void run(BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      Optional<Runnable> next = takeReady();
      if (next.isPresent()) {
        next.get().run();
        continue;
      }
      Event event = events.poll();
      if (event != null) {
        now = event.at.isAfter(now) ? event.at : now;
        event.action.run();
      } else {
        awaitReady();
      }
    }
  }

  private Optional<Runnable> takeReady() {
    synchronized (ready) {
      return ready.isEmpty()
          ? Optional.empty()
          : Optional.of(ready.remove(random.nextInt(ready.size())));
    }
  }

  private void awaitReady() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    synchronized (ready) {
      while (ready.isEmpty()) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("every thread waits for another");
        }
        try {
          ready.wait(10);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
