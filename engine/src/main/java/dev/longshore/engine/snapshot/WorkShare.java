package dev.longshore.engine.snapshot;

import dev.longshore.engine.concurrent.WorkThreads;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Threads that take work off a thread that has too much: a task is handed over if one of them is
/// free, and else done where it arises. A walk over a tree thus needs no queue, whatever its shape.
///
/// Platform threads (see [WorkThreads]), for file calls block their carrier; with room for deep
/// trees on their stacks (which costs address space only).
final class WorkShare implements AutoCloseable {
  /// A level of directories takes less than 4 KiB of stack.
  private static final long STACK_BYTES = 64L << 20;

  /// Something to do.
  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  private final Semaphore free;
  private final ExecutorService threads;

  /// @param helpers threads besides the callers' own; may be 0
  WorkShare(int helpers) {
    free = new Semaphore(helpers);
    threads = Executors.newCachedThreadPool(WorkThreads.named("upload", STACK_BYTES));
  }

  /// Runs a task on a thread with a deep stack, and waits for it.
  void runRoot(Task task) throws IOException {
    try (Group group = new Group()) {
      group.start(task);
      group.join();
    }
  }

  Group group() {
    return new Group();
  }

  /// Waits for nothing: all groups have ended.
  @Override
  public void close() {
    threads.shutdown();
  }

  /// Tasks that are waited for together. Tasks are added by one thread.
  final class Group implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int running;
    private @Nullable Throwable failure;

    /// Runs a task, here or elsewhere.
    ///
    /// @throws IOException if it ran here and failed, or another of the group has failed
    void run(Task task) throws IOException {
      if (free.tryAcquire()) {
        handOver(task, free::release);
      } else {
        task.run();
      }
    }

    /// Runs a task elsewhere, whether a thread is free or not.
    void start(Task task) {
      handOver(task, () -> {});
    }

    private void handOver(Task task, Runnable after) {
      lock.lock();
      try {
        running++;
      } finally {
        lock.unlock();
      }
      boolean accepted = false;
      try {
        threads.execute(() -> runHere(task, after));
        accepted = true;
      } finally {
        if (!accepted) {
          after.run();
          done(null);
        }
      }
    }

    private void runHere(Task task, Runnable after) {
      Throwable problem = null;
      try {
        task.run();
      } catch (Throwable e) {
        problem = e;
      } finally {
        after.run();
        done(problem);
      }
    }

    private void done(@Nullable Throwable problem) {
      lock.lock();
      try {
        Throwable first = failure;
        if (problem != null && (first == null || first instanceof UploadStopped)) {
          failure = problem;
        }
        running--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /// Waits for all tasks.
    ///
    /// @throws IOException what the first that failed has thrown
    void join() throws IOException {
      close();
      Throwable problem = takeFailure();
      switch (problem) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(problem);
      }
    }

    private @Nullable Throwable takeFailure() {
      lock.lock();
      try {
        Throwable problem = failure;
        failure = null;
        return problem;
      } finally {
        lock.unlock();
      }
    }

    /// Waits for all tasks; their failures are of no interest, because there is another already.
    @Override
    public void close() {
      lock.lock();
      try {
        while (running > 0) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
