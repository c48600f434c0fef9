package dev.longshore.engine.snapshot;

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
/// @param estimate count the source while it is uploaded, for the listener
/// @param inspectAttributes look for extended attributes, to report what is not kept
public record UploadOptions(
    int parallel,
    double forceHashPercent,
    long limitBytes,
    boolean failFast,
    Duration checkpointInterval,
    Map<String, String> checkpointTags,
    boolean ignoreRules,
    boolean estimate,
    boolean inspectAttributes) {
  /// Contents that no manifest reaches may be collected after a day; Kopia's bound leaves a wide
  /// margin.
  public static final Duration MAX_CHECKPOINT_INTERVAL = Duration.ofMinutes(45);

  /// Kopia's defaults.
  public static final UploadOptions DEFAULTS =
      new UploadOptions(0, 0, 0, false, MAX_CHECKPOINT_INTERVAL, Map.of(), true, false, true);

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
    checkpointTags = Map.copyOf(checkpointTags);
  }
}
