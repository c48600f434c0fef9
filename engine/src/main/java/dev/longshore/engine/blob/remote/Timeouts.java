package dev.longshore.engine.blob.remote;

import java.time.Duration;

/// How long a server may be silent.
///
/// @param connect until a connection is made
/// @param read between two pieces of an answer, and before its first
/// @param write between two pieces of a request that it takes
public record Timeouts(Duration connect, Duration read, Duration write) {
  /// Longer than a server under load takes, shorter than a person waits.
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60));
}
