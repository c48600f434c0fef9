package dev.longshore.engine.blob;

import java.time.Duration;

/// Waits. Tests wait in simulated time.
@FunctionalInterface
public interface Sleeper {
  /// Waits in real time.
  Sleeper SYSTEM = Thread::sleep;

  /// Returns after `duration`.
  void sleep(Duration duration) throws InterruptedException;
}
