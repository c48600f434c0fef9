package dev.longshore.engine.restore;

import java.util.List;
import java.util.Map;

/// What a restore did.
///
/// @param issues the first [#MAX_ISSUES] of what is not as it was
/// @param issueCounts how many there were of each kind; kinds without any are absent
/// @param complete the whole tree was gone through; false if it was cancelled or the target gave
///   out
public record RestoreResult(
    RestoreStats stats,
    List<RestoreIssue> issues,
    Map<RestoreIssue.Kind, Long> issueCounts,
    boolean complete) {
  /// The most issues kept; all are counted and told to the listener.
  public static final int MAX_ISSUES = 1000;

  /// Entries that are missing or incomplete.
  public long failures() {
    return issueCounts.getOrDefault(RestoreIssue.Kind.FAILED, 0L);
  }
}
