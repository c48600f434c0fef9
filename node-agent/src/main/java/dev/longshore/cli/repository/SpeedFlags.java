package dev.longshore.cli.repository;

import dev.longshore.engine.blob.ThrottlingLimits;
import picocli.CommandLine.Option;

/// How fast a store behind a network may be used: kept with the connection, for Kopia too.
final class SpeedFlags {
  @Option(
      names = "--max-download-speed",
      paramLabel = "BYTES_PER_SEC",
      description = "Limit of the download speed; kept for Kopia, not observed yet.")
  double maxDownloadSpeed;

  @Option(
      names = "--max-upload-speed",
      paramLabel = "BYTES_PER_SEC",
      description = "Limit of the upload speed; kept for Kopia, not observed yet.")
  double maxUploadSpeed;

  ThrottlingLimits limits() {
    return new ThrottlingLimits(0, 0, 0, maxUploadSpeed, maxDownloadSpeed, 0, 0);
  }
}
