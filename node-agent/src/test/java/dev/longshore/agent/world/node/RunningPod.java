package dev.longshore.agent.world.node;

import java.time.Duration;
import java.util.Optional;

/// A program that runs in a container. It does something only when it is polled.
public interface RunningPod {
  /// Lets it work, without waiting.
  ///
  /// @return how it ended, once it has
  Optional<Exit> poll();

  /// SIGTERM: it should come to an end.
  void terminate();

  /// SIGKILL: it is not polled any more.
  void kill();

  /// How long from now it wants to be polled.
  default Duration nextPoll() {
    return Duration.ofSeconds(1);
  }
}
