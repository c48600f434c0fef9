package dev.longshore.engine.content;

import java.time.Duration;

/// How one session writes contents.
///
/// @param parallelUploads packs on their way to the store at once; each holds about `maxPackSize`
///   bytes
/// @param maxPendingEntries entries held in memory before the index is published on the way
/// @param indexInterval how long entries are held before the index is published on the way
/// @param damage contents that are written anew although the index has them
public record ContentWriteOptions(
    int parallelUploads, int maxPendingEntries, Duration indexInterval, KnownDamage damage) {
  /// Two uploads; the index every ten minutes or quarter of a million contents.
  public static final ContentWriteOptions DEFAULT =
      new ContentWriteOptions(2, 250_000, Duration.ofMinutes(10));

  /// Without knowledge of damage.
  public ContentWriteOptions(int parallelUploads, int maxPendingEntries, Duration indexInterval) {
    this(parallelUploads, maxPendingEntries, indexInterval, KnownDamage.NONE);
  }

  /// @throws IllegalArgumentException unless all are positive
  public ContentWriteOptions {
    if (parallelUploads < 1 || maxPendingEntries < 1 || !indexInterval.isPositive()) {
      throw new IllegalArgumentException("content write options must be positive");
    }
  }
}
