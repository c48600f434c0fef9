package dev.longshore.agent.world;

import java.time.Duration;

/// Somebody who acts in a cluster, when it is their turn.
public interface Participant {
  /// What [#step] returns if only a change in the cluster matters.
  Duration IDLE = Duration.ofDays(1);

  /// Looks at the cluster and does what is due, without waiting. Called again when the time has
  /// come, or as soon as anything in the cluster has changed.
  ///
  /// @return how long from now it wants its next turn at the latest
  Duration step();
}
