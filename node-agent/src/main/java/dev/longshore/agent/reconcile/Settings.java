package dev.longshore.agent.reconcile;

import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.repository.UpkeepSettings;
import java.time.Duration;

/// What transfers are reconciled by.
///
/// @param nodeName the node of this process
/// @param prepareTimeout from accepting a transfer to its mover running
/// @param upkeep how repositories are kept
public record Settings(
    Ownership ownership,
    AgentConfig config,
    String nodeName,
    Duration prepareTimeout,
    UpkeepSettings upkeep) {
  /// Velero's default.
  public static final Duration DEFAULT_PREPARE_TIMEOUT = Duration.ofMinutes(30);
}
