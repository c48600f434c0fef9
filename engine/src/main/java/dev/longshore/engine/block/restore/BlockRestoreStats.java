package dev.longshore.engine.block.restore;

/// Counts of the restore of a volume, in bytes of the volume.
///
/// @param sizeBytes of the volume
/// @param writtenBytes written from contents
/// @param zeroBytes that are zeros in the volume, and were made so in the target or are so
/// @param unchangedBytes that the target held already, or nobody asked for
public record BlockRestoreStats(
    long sizeBytes, long writtenBytes, long zeroBytes, long unchangedBytes) {
  /// How far it is.
  public long doneBytes() {
    return writtenBytes + zeroBytes + unchangedBytes;
  }
}
