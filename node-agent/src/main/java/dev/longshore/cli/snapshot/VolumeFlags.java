package dev.longshore.cli.snapshot;

import dev.longshore.engine.block.restore.BlockRestoreOptions;
import dev.longshore.engine.block.restore.Surplus;
import picocli.CommandLine.Option;

/// How a restore treats a block device or an image file.
final class VolumeFlags {
  @Option(
      names = "--in-place",
      negatable = true,
      description = "Volumes: compare what the target holds by hash, and write only what differs.")
  boolean inPlace;

  @Option(
      names = "--surplus",
      paramLabel = "WHAT",
      description =
          "Volumes: what becomes of a larger target's bytes behind the volume: cut (default; a"
              + " device keeps them), leave or zero.")
  Surplus surplus = Surplus.CUT;

  @Option(names = "--json", negatable = true, description = "Volumes: print what was done as JSON.")
  boolean json;

  BlockRestoreOptions options(RestoreFlags flags) {
    return BlockRestoreOptions.DEFAULTS
        .withOverwrite(flags.overwriteFiles)
        .withInPlace(inPlace)
        .withSurplus(surplus)
        .withParallel(flags.parallel);
  }
}
