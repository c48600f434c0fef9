package dev.longshore.cli.repository;

import dev.longshore.engine.blob.ThrottlingLimits;
import picocli.CommandLine.Option;

/// How fast a store may be used: kept with the connection.
final class SpeedFlags {
  @Option(
      names = "--max-download-speed",
      paramLabel = "BYTES_PER_SEC",
      description = "Limit of the download speed (default: none).")
  double maxDownloadSpeed;

  @Option(
      names = "--max-upload-speed",
      paramLabel = "BYTES_PER_SEC",
      description = "Limit of the upload speed (default: none).")
  double maxUploadSpeed;

  ThrottlingLimits limits() {
    return new ThrottlingLimits(0, 0, 0, maxUploadSpeed, maxDownloadSpeed, 0, 0);
  }
}
