package dev.longshore.engine.block.restore;

import java.util.List;

/// What the restore of a volume did.
///
/// @param unreadable the first [#MAX_RANGES] of the parts that are not restored
/// @param unreadableCount how many there are
/// @param complete the whole volume was gone through, and what was written is durable; false if it
///   was cancelled
public record BlockRestoreResult(
    BlockRestoreStats stats,
    List<UnreadableRange> unreadable,
    long unreadableCount,
    boolean complete) {
  /// The most ranges kept; all are counted and told to the listener.
  public static final int MAX_RANGES = 1000;

  /// The target is the volume, byte for byte.
  public boolean isWhole() {
    return complete && unreadableCount == 0;
  }
}
