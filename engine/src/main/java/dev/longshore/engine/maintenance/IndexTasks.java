package dev.longshore.engine.maintenance;

import dev.longshore.engine.content.EpochUpkeep;
import dev.longshore.engine.content.IndexUpkeep;
import dev.longshore.engine.content.V0Upkeep;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskStats;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The tasks that work on index blobs.
final class IndexTasks {
  private final Optional<EpochUpkeep> epochs;
  private final Optional<V0Upkeep> v0;
  private final MaintenanceSafety safety;
  private final boolean dryRun;

  IndexTasks(Repository repository, MaintenanceSafety safety, boolean dryRun)
      throws RepositoryException {
    IndexUpkeep upkeep = repository.contents().upkeep();
    this.epochs = upkeep.epochs();
    this.v0 = upkeep.v0();
    this.safety = safety;
    this.dryRun = dryRun;
  }

  boolean hasEpochs() {
    return epochs.isPresent();
  }

  /// Merges small V0 index blobs, if there are any.
  Optional<TaskStats> compact() throws RepositoryException {
    boolean merged =
        v0.isPresent()
            && !v0.get().compact(V0Upkeep.Options.small(safety.listLag(), dryRun)).isEmpty();
    return merged ? Optional.of(new TaskStats.DroppedContents(GoTime.ZERO)) : Optional.empty();
  }

  /// Takes tombstones from before a time out of the index.
  Optional<TaskStats> dropDeleted(Instant before) throws RepositoryException {
    boolean done;
    if (v0.isPresent()) {
      done =
          !v0.get().compact(V0Upkeep.Options.dropping(before, safety.listLag(), dryRun)).isEmpty();
    } else {
      done = dryRun || epochs.orElseThrow().dropDeleted(before);
    }
    return done ? Optional.of(new TaskStats.DroppedContents(before)) : Optional.empty();
  }

  /// What quick maintenance does with epochs.
  void quickEpochs(RunHistory history) throws RepositoryException {
    EpochUpkeep upkeep = epochs.orElseThrow();
    history.run(MaintenanceTask.COMPACT_SINGLE_EPOCH, () -> compactSingle(upkeep));
    history.run(MaintenanceTask.ADVANCE_EPOCH, () -> advance(upkeep));
  }

  /// What full maintenance does with epochs.
  void fullEpochs(RunHistory history) throws RepositoryException {
    EpochUpkeep upkeep = epochs.orElseThrow();
    quickEpochs(history);
    history.run(MaintenanceTask.GENERATE_EPOCH_RANGE, () -> range(upkeep));
    history.run(MaintenanceTask.CLEANUP_EPOCH_MARKERS, () -> markers(upkeep));
    history.run(MaintenanceTask.DELETE_SUPERSEDED_INDEXES, () -> superseded(upkeep));
  }

  private Optional<TaskStats> compactSingle(EpochUpkeep upkeep) throws RepositoryException {
    return upkeep
        .compactSingleEpoch(dryRun)
        .map(done -> new TaskStats.CompactedEpoch(tally(done.superseded()), done.epoch()));
  }

  private Optional<TaskStats> advance(EpochUpkeep upkeep) throws RepositoryException {
    EpochUpkeep.Advance done = upkeep.advance(dryRun);
    return Optional.of(new TaskStats.AdvancedEpoch(done.writeEpoch(), done.advanced()));
  }

  private Optional<TaskStats> range(EpochUpkeep upkeep) throws RepositoryException {
    return upkeep
        .generateRange(dryRun)
        .map(range -> new TaskStats.EpochRange(range.low(), range.high()));
  }

  private Optional<TaskStats> markers(EpochUpkeep upkeep) throws RepositoryException {
    return upkeep
        .cleanMarkers(dryRun)
        .map(done -> {
          long epochMarkers =
              done.deleted().stream().filter(blob -> blob.id().startsWith("xe")).count();
          return new TaskStats.CleanedMarkers(epochMarkers, done.deleted().size() - epochMarkers);
        });
  }

  private Optional<TaskStats> superseded(EpochUpkeep upkeep) throws RepositoryException {
    return upkeep
        .deleteSuperseded(dryRun)
        .map(done -> new TaskStats.SupersededIndexes(done.replacedBefore(), tally(done.deleted())));
  }

  private static TaskStats.Tally tally(List<BlobMetadata> blobs) {
    return new TaskStats.Tally(
        blobs.size(), blobs.stream().mapToLong(BlobMetadata::lengthBytes).sum());
  }
}
