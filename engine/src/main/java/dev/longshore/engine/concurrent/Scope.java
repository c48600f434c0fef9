package dev.longshore.engine.concurrent;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Tasks that wait for a store, a limited number at once, each on a virtual thread. They end
/// together: the first fault interrupts the others, and comes out of [#fork] or [#join].
///
/// Used by one thread, which must close it; closing interrupts what still runs and waits for it.
public final class Scope implements AutoCloseable {
  private final String name;
  private final int parallel;
  private final Semaphore permits;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /// What runs on a thread of its own.
  @FunctionalInterface
  public interface Task {
    void run() throws RepositoryException;
  }

  /// @param name what is being done, for messages
  /// @param parallel tasks at once
  public Scope(String name, int parallel) {
    this.name = name;
    this.parallel = parallel;
    this.permits = new Semaphore(parallel);
  }

  /// Starts a task; waits for a free place first.
  ///
  /// @throws RepositoryException the first fault of an earlier task
  public void fork(Task task) throws RepositoryException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      throw Faults.interrupted(name, e);
    }
    if (failure.get() != null) {
      permits.release();
      rethrow();
    }
    Thread.ofVirtual().name(name).start(() -> run(task));
  }

  private void run(Task task) {
    Thread self = Thread.currentThread();
    threads.add(self);
    try {
      if (failure.get() == null) {
        task.run();
      }
    } catch (RepositoryException | RuntimeException | Error e) {
      if (failure.compareAndSet(null, e)) {
        interruptAll();
      }
    } finally {
      threads.remove(self);
      permits.release();
    }
  }

  private void interruptAll() {
    for (Thread thread : threads) {
      if (!thread.equals(Thread.currentThread())) {
        thread.interrupt();
      }
    }
  }

  /// Waits for all tasks.
  ///
  /// @throws RepositoryException the first fault of any
  public void join() throws RepositoryException {
    try {
      permits.acquire(parallel);
      permits.release(parallel);
    } catch (InterruptedException e) {
      throw Faults.interrupted(name, e);
    }
    rethrow();
  }

  private void rethrow() throws RepositoryException {
    Throwable first = failure.get();
    switch (first) {
      case null -> {}
      case RepositoryException fault -> throw fault;
      case RuntimeException fault -> throw fault;
      case Error fault -> throw fault;
      default -> throw new IllegalStateException(first);
    }
  }

  @Override
  public void close() {
    failure.compareAndSet(null, new IllegalStateException(name + ": closed"));
    interruptAll();
    permits.acquireUninterruptibly(parallel);
  }
}
