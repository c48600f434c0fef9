package dev.longshore.engine.snapshot;

import dev.longshore.engine.concurrent.WorkThreads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Threads that take work off a thread that has too much. A few tasks wait for them, so that none
/// is idle while that thread is busy with a large file; what is more is done where it arises. A
/// walk over a tree thus needs no queue that grows, whatever its shape.
///
/// Platform threads (see [WorkThreads]), for file calls block their carrier; with room for deep
/// trees on their stacks (which costs address space only).
final class WorkShare implements AutoCloseable {
  /// A level of directories takes less than 4 KiB of stack.
  private static final long STACK_BYTES = 64L << 20;

  private static final int WAITING_PER_HELPER = 64;

  /// Something to do.
  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  private record Job(Group group, Task task) {}

  private final ThreadFactory threads;
  private final int helpers;

  /// Guards all that follows, and the groups.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition offered = lock.newCondition();
  private final Deque<Job> waiting = new ArrayDeque<>();
  private int started;
  private int idle;
  private boolean isClosed;

  /// @param helpers threads besides the callers' own; may be 0
  WorkShare(int helpers) {
    this.helpers = helpers;
    threads = WorkThreads.named("upload", STACK_BYTES);
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
    lock.lock();
    try {
      isClosed = true;
      offered.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void help() {
    lock.lock();
    try {
      while (!isClosed) {
        Job next = waiting.pollFirst();
        if (next == null) {
          idle++;
          offered.awaitUninterruptibly();
          idle--;
        } else {
          next.group.queued--;
          runUnlocked(next);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void runAlone(Job job) {
    lock.lock();
    try {
      runUnlocked(job);
    } finally {
      lock.unlock();
    }
  }

  private void runUnlocked(Job job) {
    lock.unlock();
    Throwable problem = null;
    try {
      job.task.run();
    } catch (Throwable e) {
      problem = e;
    } finally {
      lock.lock();
    }
    job.group.done(problem);
  }

  /// Tasks that are waited for together. Tasks are added by one thread, which also waits.
  final class Group implements AutoCloseable {
    private final Condition ended = lock.newCondition();

    /// Tasks that wait or run elsewhere, and those of them that wait.
    private int open;

    private int queued;
    private @Nullable Throwable failure;

    /// Runs a task, here or elsewhere.
    ///
    /// @throws IOException if it ran here and failed
    void run(Task task) throws IOException {
      if (helpers == 0 || !offer(task)) {
        task.run();
      }
    }

    private boolean offer(Task task) {
      lock.lock();
      try {
        if (waiting.size() >= WAITING_PER_HELPER * helpers) {
          return false;
        }
        waiting.addLast(new Job(this, task));
        open++;
        queued++;
        if (idle > 0) {
          offered.signal();
          return true;
        }
        if (started == helpers) {
          return true;
        }
        started++;
      } finally {
        lock.unlock();
      }
      threads.newThread(WorkShare.this::help).start();
      return true;
    }

    /// Runs a task on a thread of its own.
    void start(Task task) {
      Thread thread = threads.newThread(() -> runAlone(new Job(this, task)));
      lock.lock();
      try {
        thread.start();
        open++;
      } finally {
        lock.unlock();
      }
    }

    /// One is done; under the lock.
    private void done(@Nullable Throwable problem) {
      if (problem != null && (failure == null || failure instanceof UploadStopped)) {
        failure = problem;
      }
      open--;
      if (open == 0) {
        ended.signal();
      }
    }

    /// Waits for all tasks, and does those that still wait. After a failure these are left out.
    ///
    /// @throws IOException what the first that failed has thrown
    void join() throws IOException {
      Throwable problem;
      lock.lock();
      try {
        while (queued > 0 && failure == null) {
          runUnlocked(takeBack());
        }
        awaitOthers();
        problem = failure;
        failure = null;
      } finally {
        lock.unlock();
      }
      switch (problem) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(problem);
      }
    }

    /// The latest that waits: the oldest are the next that others take.
    private Job takeBack() {
      Iterator<Job> latestFirst = waiting.descendingIterator();
      while (true) {
        Job job = latestFirst.next();
        if (job.group == this) {
          latestFirst.remove();
          queued--;
          return job;
        }
      }
    }

    /// Waits for what runs elsewhere; what still waits is left out.
    private void awaitOthers() {
      while (queued > 0) {
        var _ = takeBack();
        open--;
      }
      while (open > 0) {
        ended.awaitUninterruptibly();
      }
    }

    /// Waits for the tasks that run; those that wait are left out, and failures are of no interest,
    /// because there is another already.
    @Override
    public void close() {
      lock.lock();
      try {
        awaitOthers();
      } finally {
        lock.unlock();
      }
    }
  }
}
