package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.epoch.EpochRules;
import dev.longshore.format.epoch.EpochRules.EpochRange;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What maintenance does with epochs. Each step lists the store, does one thing, and leaves a
/// repository that every client reads as before, wherever it is cut off: shards of a compaction
/// count when all of them are there, and index blobs go after their replacement was seen.
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_manager.go`.
public final class EpochUpkeep {
  private final ContentStore contents;
  private final IndexSource source;
  private final IndexMerger merger;
  private final EpochParameters parameters;

  EpochUpkeep(ContentStore contents, IndexSource source, IndexMerger merger) {
    this.contents = contents;
    this.source = source;
    this.merger = merger;
    this.parameters = contents.format().epochParameters();
  }

  private EpochState state() throws RepositoryException {
    return source.epochs().orElseThrow();
  }

  /// A compaction of one epoch.
  ///
  /// @param superseded the index blobs that were merged
  public record Compaction(int epoch, List<BlobMetadata> superseded) {}

  /// Merges the index blobs of the oldest settled epoch that is not merged yet, if there is one.
  ///
  /// @param dryRun only say which
  public Optional<Compaction> compactSingleEpoch(boolean dryRun) throws RepositoryException {
    EpochState state = state();
    OptionalInt next = EpochRules.nextSingleCompaction(state);
    if (next.isEmpty()) {
      return Optional.empty();
    }
    int epoch = next.getAsInt();
    List<BlobMetadata> inputs = state.uncompacted().getOrDefault(epoch, List.of());
    if (!dryRun) {
      merge(inputs, new EpochBlobName.SingleEpoch(epoch).namePrefix());
    }
    return Optional.of(new Compaction(epoch, inputs));
  }

  /// Merges the index blobs of the epochs behind the last range checkpoint, if they are enough.
  ///
  /// @param dryRun only say which
  public Optional<EpochRange> generateRange(boolean dryRun) throws RepositoryException {
    EpochState state = state();
    Optional<EpochRange> due = EpochRules.dueRangeCheckpoint(state, parameters);
    if (due.isPresent() && !dryRun) {
      EpochRange range = due.get();
      merge(
          state.indexBlobsOf(range.low(), range.high()),
          new EpochBlobName.Range(range.low(), range.high()).namePrefix());
    }
    return due;
  }

  /// Tombstones are kept whatever the watermark: what they hide may be in another blob.
  private void merge(List<BlobMetadata> inputs, String prefix) throws RepositoryException {
    SessionId set = SessionId.generateSetId(contents.environment().random());
    merger
        .merge(inputs)
        .write(
            entry -> true,
            null,
            (plain, count) -> contents.blobs().put(prefix, set + "-c" + count, plain));
  }

  /// What came of a look whether a new epoch is due.
  public record Advance(int writeEpoch, boolean advanced) {}

  /// Begins the next epoch if the current one is old and large enough.
  ///
  /// @param dryRun only say whether it would
  public Advance advance(boolean dryRun) throws RepositoryException {
    EpochState state = state();
    if (!EpochRules.shouldAdvance(state, parameters)) {
      return new Advance(state.writeEpoch(), false);
    }
    int next = state.writeEpoch() + 1;
    if (!dryRun) {
      contents.blobs().putPlain(new EpochBlobName.Marker(next).blobId(), EpochBlobName.MARKER_BODY);
    }
    return new Advance(next, true);
  }

  /// Lets tombstones up to a time count as absent; false if later ones do already.
  public boolean dropDeleted(Instant time) throws RepositoryException {
    Optional<Instant> current = state().deletionWatermark();
    if (current.isPresent() && time.isBefore(current.get())) {
      return false;
    }
    contents
        .blobs()
        .putPlain(
            new EpochBlobName.Watermark(time.getEpochSecond()).blobId(),
            EpochBlobName.WATERMARK_BODY);
    return true;
  }

  /// What a cleanup deletes.
  ///
  /// @param replacedBefore what was written before this time was seen by every client
  public record Cleanup(Instant replacedBefore, List<BlobMetadata> deleted) {}

  /// Deletes markers of past epochs and watermarks that are not in force. Empty if the store's
  /// clock is not known, as there are no recent index blobs.
  ///
  /// @param dryRun only say which
  public Optional<Cleanup> cleanMarkers(boolean dryRun) throws RepositoryException {
    EpochState state = state();
    return delete(state, EpochRules.staleMarkers(state, parameters), dryRun);
  }

  /// Deletes the index blobs of epochs whose merge was seen by every client. Empty if the store's
  /// clock is not known, as there are no recent index blobs.
  ///
  /// @param dryRun only say which
  public Optional<Cleanup> deleteSuperseded(boolean dryRun) throws RepositoryException {
    EpochState state = state();
    return delete(state, EpochRules.supersededIndexBlobs(state, parameters), dryRun);
  }

  private Optional<Cleanup> delete(EpochState state, List<BlobMetadata> stale, boolean dryRun)
      throws RepositoryException {
    Instant cutoff = EpochRules.replacementCutoff(state, parameters);
    if (cutoff.equals(Instant.MIN)) {
      return Optional.empty();
    }
    if (!dryRun) {
      List<BlobId> ids = new ArrayList<>();
      stale.forEach(blob -> ids.add(blob.id()));
      contents.blobs().deleteAll(ids, parameters.deleteParallelism());
    }
    return Optional.of(new Cleanup(cutoff, stale));
  }

  /// Compares the index in force with that of before the move to epochs, which is still there.
  ///
  /// @return sentences that say what differs, the first few; empty if nothing does
  public List<String> compareWithV0() throws RepositoryException {
    return contents.compareWith(new V0IndexSource(contents.blobs()));
  }
}
