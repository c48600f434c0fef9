package dev.longshore.engine.block.restore;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Threads that zero and compare ranges of a target, a limited number of tasks at once. A fault
/// ends the restore.
final class TargetWork implements AutoCloseable {
  private final int limit;
  private final Semaphore places;
  private final ExecutorService threads;
  private final BlockTally tally;

  TargetWork(int parallel, BlockTally tally) {
    this.limit = 2 * parallel;
    this.places = new Semaphore(limit);
    this.threads =
        Executors.newFixedThreadPool(
            parallel, Thread.ofPlatform().daemon().name("block-", 0).factory());
    this.tally = tally;
  }

  /// What a thread does.
  @FunctionalInterface
  interface Task {
    void run() throws IOException, InterruptedException;
  }

  /// Has a task done, some time; waits while there are too many.
  void run(Task task) throws InterruptedException {
    places.acquire();
    threads.execute(() -> {
      try {
        if (!tally.stopped()) {
          task.run();
        }
      } catch (IOException e) {
        tally.fail(e);
      } catch (InterruptedException e) {
        tally.stop();
      } catch (RuntimeException | Error e) {
        tally.fail(new IOException("restore: " + e, e));
      } finally {
        places.release();
      }
    });
  }

  /// Waits for all tasks.
  void join() throws InterruptedException {
    places.acquire(limit);
    places.release(limit);
  }

  @Override
  public void close() {
    threads.close();
  }
}
