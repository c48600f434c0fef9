package dev.longshore.engine.snapshot;

import java.util.concurrent.atomic.AtomicBoolean;

/// Asks a running operation to end early, in order. Thread-safe.
public final class CancelToken {
  private final AtomicBoolean cancelled = new AtomicBoolean();

  /// A token nobody has used.
  public CancelToken() {}

  /// Asks; there is no way back.
  public void cancel() {
    cancelled.set(true);
  }

  /// Tells whether somebody asked.
  public boolean isCancelled() {
    return cancelled.get();
  }
}
