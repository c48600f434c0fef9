package dev.longshore.cli.policy;

import dev.longshore.format.policy.UploadPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How files are read.
final class UploadFlags {
  @Option(
      names = "--max-parallel-file-reads",
      paramLabel = "N",
      description = "Files read at once.")
  @Nullable String fileReads;

  @Option(
      names = "--max-parallel-snapshots",
      paramLabel = "N",
      description = "Snapshots at once (a setting of Kopia's server).")
  @Nullable String snapshots;

  @Option(
      names = "--parallel-upload-above-size-mib",
      paramLabel = "MIB",
      description = "Split larger files into parts.")
  @Nullable String partsAbove;

  UploadPolicy apply(UploadPolicy old, Edits edits) {
    return new UploadPolicy(
        edits.number("max parallel snapshots", old.maxParallelSnapshots(), snapshots),
        edits.number("max parallel file reads", old.maxParallelFileReads(), fileReads),
        edits.scaled(
            "parallel upload above size",
            old.parallelUploadAboveSizeBytes(),
            partsAbove,
            1L << 20));
  }
}
