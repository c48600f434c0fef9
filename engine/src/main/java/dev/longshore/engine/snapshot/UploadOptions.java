package dev.longshore.engine.snapshot;

import dev.longshore.engine.attribute.AttributeOptions;
import java.time.Duration;
import java.util.Map;

/// How a source is read.
///
/// @param parallel files read at once; 0 for the policy's number, or the number of processors
/// @param forceHashPercent chance, 0 to 100, that an unchanged file is read again
/// @param limitBytes end the upload after so many bytes were read; 0 for no limit
/// @param failFast end at the first error that the policy does not ignore
/// @param checkpointInterval time between checkpoints; at most [#MAX_CHECKPOINT_INTERVAL]
/// @param checkpointTags tags of the checkpoints' manifests
/// @param ignoreRules keep to the policy's ignore rules; false to take everything
/// @param estimateAfter count the source, for the listener, once the upload has taken so long;
///   [#NEVER] not to
/// @param attributes what is read beside what Kopia stores
public record UploadOptions(
    int parallel,
    double forceHashPercent,
    long limitBytes,
    boolean failFast,
    Duration checkpointInterval,
    Map<String, String> checkpointTags,
    boolean ignoreRules,
    Duration estimateAfter,
    AttributeOptions attributes) {
  /// Contents that no manifest reaches may be collected after a day; Kopia's bound leaves a wide
  /// margin.
  public static final Duration MAX_CHECKPOINT_INTERVAL = Duration.ofMinutes(45);

  /// Longer than any upload.
  public static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

  /// Kopia's defaults.
  public static final UploadOptions DEFAULTS =
      new UploadOptions(
          0,
          0,
          0,
          false,
          MAX_CHECKPOINT_INTERVAL,
          Map.of(),
          true,
          NEVER,
          AttributeOptions.DEFAULTS);

  /// @throws IllegalArgumentException if a number is out of its range
  public UploadOptions {
    if (parallel < 0 || limitBytes < 0 || !(forceHashPercent >= 0 && forceHashPercent <= 100)) {
      throw new IllegalArgumentException(
          "parallel " + parallel + ", limit " + limitBytes + ", percent " + forceHashPercent);
    }
    if (checkpointInterval.isNegative()
        || checkpointInterval.isZero()
        || checkpointInterval.compareTo(MAX_CHECKPOINT_INTERVAL) > 0) {
      throw new IllegalArgumentException("checkpoint interval " + checkpointInterval);
    }
    if (estimateAfter.isNegative() || estimateAfter.compareTo(NEVER) > 0) {
      throw new IllegalArgumentException("estimate after " + estimateAfter);
    }
    checkpointTags = Map.copyOf(checkpointTags);
  }
}
