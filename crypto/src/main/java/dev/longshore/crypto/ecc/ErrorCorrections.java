package dev.longshore.crypto.ecc;

import java.util.Optional;

/// The error corrections a repository can ask for.
public final class ErrorCorrections {
  /// The only name there is.
  public static final String REED_SOLOMON_CRC32 = "REED-SOLOMON-CRC32";

  private ErrorCorrections() {}

  /// The correction with this name and overhead, or empty if the name is unknown or the overhead is
  /// not in 1..100 percent.
  public static Optional<ErrorCorrection> create(String name, int overheadPercent) {
    if (!name.equals(REED_SOLOMON_CRC32) || overheadPercent < 1 || overheadPercent > 100) {
      return Optional.empty();
    }
    return Optional.of(new ReedSolomonCrc32(overheadPercent));
  }
}
