package dev.longshore.engine.block;

import dev.longshore.format.compress.Compression;
import java.time.Duration;
import java.util.Optional;

/// How a block backup runs.
///
/// @param compression of blocks, kept only where it makes them smaller; ids do not depend on it.
///   Repositories of format 1 have none
/// @param readers reads in flight; each takes 1 MiB
/// @param verifyPercent chance, 0 to 100, that a block which a list of changes leaves out is read
///   and compared all the same
/// @param checkpointInterval time between checkpoints, after which nothing is transferred again; at
///   most 45 minutes
public record BlockOptions(
    Optional<Compression> compression,
    int readers,
    double verifyPercent,
    Duration checkpointInterval) {
  private static final int MAX_READERS = 64;
  private static final Duration MAX_INTERVAL = Duration.ofMinutes(45);

  /// Compressed with what is as quick as reading, eight reads, no samples, five minutes.
  public static final BlockOptions DEFAULTS =
      new BlockOptions(Optional.of(Compression.ZSTD_FASTEST), 8, 0, Duration.ofMinutes(5));

  /// @throws IllegalArgumentException if a number is out of its range
  public BlockOptions {
    if (readers < 1 || readers > MAX_READERS) {
      throw new IllegalArgumentException(readers + " reads at once: 1 to " + MAX_READERS);
    }
    if (!(verifyPercent >= 0 && verifyPercent <= 100)) {
      throw new IllegalArgumentException("to verify " + verifyPercent + " percent");
    }
    if (checkpointInterval.isNegative()
        || checkpointInterval.isZero()
        || checkpointInterval.compareTo(MAX_INTERVAL) > 0) {
      throw new IllegalArgumentException("checkpoint interval " + checkpointInterval);
    }
  }

  /// These, with another compression.
  public BlockOptions withCompression(Optional<Compression> newCompression) {
    return new BlockOptions(newCompression, readers, verifyPercent, checkpointInterval);
  }
}
