package dev.longshore.engine.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A fixed number of [WorkThreads] for hashing, compressing and sealing, with a budget of bytes for
/// what waits and runs. Thread-safe.
public final class CpuPool implements AutoCloseable {
  private final ExecutorService threads;
  private final ByteBudget budget;
  private final int workers;

  /// @param name of the threads, a number is appended
  /// @param workers number of threads
  /// @param budget of the bytes handed to [#submit]; may be shared
  public CpuPool(String name, int workers, ByteBudget budget) {
    this.threads = Executors.newFixedThreadPool(workers, WorkThreads.named(name));
    this.budget = budget;
    this.workers = workers;
  }

  /// Number of threads.
  public int workers() {
    return workers;
  }

  /// Waits for bytes of the budget, for work given to [#execute].
  public ByteBudget.Lease reserve(long bytes) throws InterruptedException {
    return budget.acquire(bytes);
  }

  /// Runs a task that counts its bytes, and deals with its faults, itself.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException if the pool is closed
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /// Runs a task on the pool. Blocks the caller until its bytes are free; they are given back when
  /// the task ends.
  ///
  /// A task must not submit to its own pool and wait for the result.
  ///
  /// @throws InterruptedException if interrupted while waiting for the budget
  /// @throws java.util.concurrent.RejectedExecutionException if the pool is closed
  public <T> Future<T> submit(long bytes, Callable<T> task) throws InterruptedException {
    ByteBudget.Lease lease = budget.acquire(bytes);
    FutureTask<T> future =
        new FutureTask<>(task) {
          @Override
          protected void done() {
            lease.close();
          }
        };
    boolean accepted = false;
    try {
      threads.execute(future);
      accepted = true;
    } finally {
      if (!accepted) {
        lease.close();
      }
    }
    return future;
  }

  /// Ends the threads after what was submitted; waits for it.
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        threads.shutdownNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
