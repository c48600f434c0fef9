package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.engine.snapshot.CancelToken;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C and SIGTERM into an orderly end of the running command: it is asked to stop, and
/// the process waits for what it has to save.
final class Interrupts implements AutoCloseable {
  /// Longer than any flush should take; a second signal does not shorten it, SIGKILL does.
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean happened;

  Interrupts(Cli cli, CancelToken cancel) {
    hook =
        Thread.ofPlatform()
            .unstarted(() -> {
              happened = true;
              cli.notice("Interrupted: ending ...");
              cancel.cancel();
              try {
                if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                  cli.notice("Giving up.");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Tells whether a signal came.
  boolean happened() {
    return happened;
  }

  @Override
  public void close() {
    done.countDown();
    if (!happened) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is already going down.
      }
    }
  }
}
