package dev.longshore.mover;

import dev.longshore.engine.snapshot.CancelToken;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns SIGTERM into an orderly end: the task is told to stop, and the process waits for what it
/// has to save and to report, and ends with the task's own status.
final class Termination {
  /// A kubelet kills after the pod's grace period in any case.
  private static final long PATIENCE_SECONDS = 300;

  private final CancelToken cancel;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile int status = DataMover.FAILED;

  Termination(CancelToken cancel) {
    this.cancel = cancel;
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::terminate));
  }

  /// The task has ended.
  void done(int newStatus) {
    status = newStatus;
    done.countDown();
  }

  private void terminate() {
    cancel.cancel();
    try {
      if (done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
