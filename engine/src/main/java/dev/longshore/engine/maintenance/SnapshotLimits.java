package dev.longshore.engine.maintenance;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.verify.StorageSurvey;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How many snapshots of a source there may be, and how much they may take in the repository:
/// limits of our own, besides the retention policy, that are nowhere stored (ADR 15).
///
/// @param maxSnapshots complete snapshots, at most
/// @param maxBytes stored bytes of their files' contents, each counted once, at most
public record SnapshotLimits(long maxSnapshots, long maxBytes) {
  /// Neither number nor size is limited.
  public static final SnapshotLimits NONE = new SnapshotLimits(Long.MAX_VALUE, Long.MAX_VALUE);

  /// @throws IllegalArgumentException unless both are positive
  public SnapshotLimits {
    if (maxSnapshots < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("limits of snapshots must be positive");
    }
  }

  /// The snapshots that are too many or too much, oldest first. From the newest on, one stays while
  /// it and those that stay keep within the limits; the newest stays in any case, and so do those
  /// with pins, which count, too. Incomplete ones are left to the retention policy.
  ///
  /// With a limit of bytes, the directories of what may stay are read.
  ///
  /// @param snapshots of one source
  public List<SnapshotManifest> beyond(Repository repository, List<SnapshotManifest> snapshots)
      throws RepositoryException {
    List<SnapshotManifest> newestFirst =
        snapshots.stream()
            .filter(SnapshotManifest::isComplete)
            .sorted(Comparator.comparingLong(SnapshotManifest::startNanos).reversed())
            .toList();
    StorageSurvey survey = new StorageSurvey(repository);
    List<SnapshotManifest> beyond = new ArrayList<>();
    boolean full = false;
    for (int i = 0; i < newestFirst.size(); i++) {
      SnapshotManifest snapshot = newestFirst.get(i);
      full = full || i >= maxSnapshots || (isTooMuch(survey, snapshot) && i > 0);
      if (full && snapshot.pins().isEmpty()) {
        beyond.add(snapshot);
      }
    }
    return beyond.reversed();
  }

  private boolean isTooMuch(StorageSurvey survey, SnapshotManifest snapshot)
      throws RepositoryException {
    return maxBytes != Long.MAX_VALUE
        && survey.add(snapshot).runningTotal().packedContentBytes() > maxBytes;
  }
}
