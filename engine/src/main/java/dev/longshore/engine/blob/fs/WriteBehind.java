package dev.longshore.engine.blob.fs;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A few threads that wait for the disk, so that those who hash and seal need not. More than these
/// can take is run by who brings it. Thread-safe; the threads end by themselves when idle.
final class WriteBehind {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 2;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("disk-", 0).factory(),
          new ThreadPoolExecutor.CallerRunsPolicy());

  WriteBehind() {
    threads.allowCoreThreadTimeOut(true);
  }

  /// Runs a task, now or soon; it deals with its faults itself.
  void run(Runnable task) {
    threads.execute(task);
  }
}
