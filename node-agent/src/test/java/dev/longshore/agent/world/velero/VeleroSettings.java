package dev.longshore.agent.world.velero;

import java.time.Duration;

/// How Velero is installed.
///
/// @param namespace Velero's own
/// @param dataMover of backups that do not say; empty for the built-in one
/// @param csiSnapshotTimeout becomes the transfers' `operationTimeout`
/// @param itemOperationTimeout of a whole transfer
public record VeleroSettings(
    String namespace,
    String dataMover,
    String location,
    Duration csiSnapshotTimeout,
    Duration itemOperationTimeout) {
  /// What an installation has that names nothing but the mover.
  public static VeleroSettings standard(String dataMover) {
    return new VeleroSettings(
        "velero", dataMover, "default", Duration.ofMinutes(10), Duration.ofHours(4));
  }

  public VeleroSettings withItemOperationTimeout(Duration timeout) {
    return new VeleroSettings(namespace, dataMover, location, csiSnapshotTimeout, timeout);
  }

  /// A duration as Go prints it, in whole seconds.
  static String go(Duration duration) {
    return "%dh%dm%ds"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }
}
