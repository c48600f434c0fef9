package dev.longshore.engine.restore;

/// Counts of a restore; `enqueued` are those found so far in the snapshot, so that what remains is
/// known.
///
/// @param ignoredErrors faults of single entries, while `ignoreErrors` is on
public record RestoreStats(
    Kinds restored,
    Kinds enqueued,
    Kinds deleted,
    long restoredBytes,
    long enqueuedBytes,
    long skippedBytes,
    long skipped,
    long ignoredErrors) {

  /// Counts by kind of entry.
  public record Kinds(long files, long directories, long symlinks) {}
}
