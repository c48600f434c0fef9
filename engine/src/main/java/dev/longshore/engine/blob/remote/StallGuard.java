package dev.longshore.engine.blob.remote;

import java.net.HttpURLConnection;
import java.time.Duration;

/// Ends a connection whose server has stopped to take what it is sent: writing to a socket knows no
/// time limit of its own.
final class StallGuard implements AutoCloseable {
  private final Thread watcher;
  private volatile long pieces;

  StallGuard(HttpURLConnection connection, Duration limit) {
    watcher =
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (long seen = -1; seen != pieces; Thread.sleep(limit)) {
                  seen = pieces;
                }
                connection.disconnect();
              } catch (InterruptedException e) {
                // The body is sent.
                return;
              }
            });
  }

  /// A piece was taken.
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void progress() {
    pieces++;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
