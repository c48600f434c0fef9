package dev.longshore.mover.run;

import dev.longshore.engine.blob.Sleeper;
import dev.longshore.kube.KubeApi;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What a mover needs from its process.
///
/// @param environment its variables
/// @param kube reaches the resource; empty where there is no cluster
/// @param out for the log
public record Surroundings(
    Map<String, String> environment,
    Clock clock,
    SecureRandom random,
    Optional<KubeApi> kube,
    PrintStream out,
    Timing timing) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// A variable of the environment; empty if it is not set.
  public String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /// How long a mover waits.
  ///
  /// @param phase between two looks at a resource that is not to begin yet
  /// @param cancel between two looks whether to stop
  /// @param progress between two events about progress
  /// @param checkpoint between two checkpoints of an upload
  /// @param sleeper waits
  public record Timing(
      Duration phase, Duration cancel, Duration progress, Duration checkpoint, Sleeper sleeper) {
    /// In a cluster.
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Sleeper.SYSTEM);
  }
}
