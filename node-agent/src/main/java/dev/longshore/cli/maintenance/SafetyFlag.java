package dev.longshore.cli.maintenance;

import dev.longshore.engine.maintenance.MaintenanceSafety;
import picocli.CommandLine.Option;

/// How careful a command is.
public final class SafetyFlag {
  /// The levels by Kopia's names.
  enum Level {
    NONE,
    FULL
  }

  @Option(
      names = "--safety",
      paramLabel = "LEVEL",
      defaultValue = "full",
      description =
          "full: wait until no client can need what is deleted. none: do not wait, which is safe"
              + " only if no other client uses the repository (default: full).")
  Level level = Level.FULL;

  /// The waiting times of the level.
  public MaintenanceSafety safety() {
    return level == Level.FULL ? MaintenanceSafety.FULL : MaintenanceSafety.NONE;
  }
}
