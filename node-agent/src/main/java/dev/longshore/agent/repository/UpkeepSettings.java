package dev.longshore.agent.repository;

import java.time.Duration;

/// How repositories are kept, and order.
///
/// @param ownsRepositories whether the agent prepares and maintains them; else Velero's server does
/// @param repositoryConfigMap what new repositories are given; may be empty
/// @param maintenanceConfigMap what the pods of jobs are given; may be empty
/// @param maintenanceFrequency of repositories that do not say it
/// @param removesLeaks whether what transfers have left behind is removed, or only told
public record UpkeepSettings(
    boolean ownsRepositories,
    String repositoryConfigMap,
    String maintenanceConfigMap,
    Duration maintenanceFrequency,
    boolean removesLeaks) {
  /// Velero's server keeps the repositories.
  public static final UpkeepSettings VELEROS =
      new UpkeepSettings(false, "", "", Duration.ofHours(1), false);

  /// The agent keeps them.
  public static final UpkeepSettings OWN =
      new UpkeepSettings(true, "", "", Duration.ofHours(1), false);
}
