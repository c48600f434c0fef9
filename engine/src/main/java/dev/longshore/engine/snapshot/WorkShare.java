package dev.longshore.engine.snapshot;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Threads that take work off a thread that has too much: a task is handed over if one of them is
/// free, and else done where it arises. A walk over a tree thus needs no queue, whatever its shape.
///
/// Platform threads, for file calls block their carrier; with room for deep trees on their stacks
/// (which costs address space only).
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
    threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("upload-", 0).stackSize(STACK_BYTES).factory());
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
      synchronized (this) {
        running++;
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

    private synchronized void done(@Nullable Throwable problem) {
      Throwable first = failure;
      if (problem != null && (first == null || first instanceof UploadStopped)) {
        failure = problem;
      }
      running--;
      notifyAll();
    }

    /// Waits for all tasks.
    ///
    /// @throws IOException what the first that failed has thrown
    void join() throws IOException {
      close();
      Throwable problem;
      synchronized (this) {
        problem = failure;
        failure = null;
      }
      switch (problem) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(problem);
      }
    }

    /// Waits for all tasks; their failures are of no interest, because there is another already.
    @Override
    public synchronized void close() {
      boolean interrupted = false;
      while (running > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
