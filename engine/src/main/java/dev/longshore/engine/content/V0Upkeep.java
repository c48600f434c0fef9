package dev.longshore.engine.content;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.epoch.CleanupList;
import dev.longshore.format.epoch.CompactionLog;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What maintenance does with the index of a repository without epochs: merges index blobs, and
/// deletes those merged once every client knows. Cut off anywhere it leaves the same index: the
/// outputs of a merge, then the log that puts them in the place of the inputs, then the inputs go,
/// and the log last.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
public final class V0Upkeep {
  private static final int PARALLEL_DELETES = 4;

  private final ContentStore contents;
  private final IndexBlobs blobs;
  private final IndexSource source;
  private final IndexMerger merger;

  V0Upkeep(ContentStore contents, IndexSource source, IndexMerger merger) {
    this.contents = contents;
    this.blobs = contents.blobs();
    this.source = source;
    this.merger = merger;
  }

  /// What to merge.
  ///
  /// @param maxSmallBlobs fewer small blobs than this are left alone
  /// @param all take every blob, whatever its size
  /// @param dropBefore tombstones before this time are left out; null to keep all
  /// @param settleTime how long lists may be out of date
  /// @param dryRun only say what would be merged
  public record Options(
      int maxSmallBlobs,
      boolean all,
      @Nullable Instant dropBefore,
      Duration settleTime,
      boolean dryRun) {
    /// Merges small blobs when they have become many.
    public static Options small(Duration settleTime, boolean dryRun) {
      return new Options(V0IndexSet.DEFAULT_MAX_SMALL_BLOBS, false, null, settleTime, dryRun);
    }

    /// Merges all blobs and leaves out old tombstones.
    public static Options dropping(Instant dropBefore, Duration settleTime, boolean dryRun) {
      return new Options(0, true, dropBefore, settleTime, dryRun);
    }
  }

  /// Merges index blobs and deletes what earlier merges replaced.
  ///
  /// @return the index blobs that were merged; empty if there was nothing to do
  public List<BlobMetadata> compact(Options options) throws RepositoryException {
    List<BlobMetadata> active = source.load(new OwnBlobs(), IndexSource.Lists.FRESH).blobs();
    List<BlobMetadata> inputs =
        V0IndexSet.toCompact(
            active, contents.format().maxPackSize(), options.maxSmallBlobs, options.all);
    boolean worth = inputs.size() > (options.dropBefore == null ? 1 : 0);
    if (options.dryRun) {
      return worth ? inputs : List.of();
    }
    if (worth) {
      replace(inputs, options);
    }
    deleteFinished(options.settleTime);
    return worth ? inputs : List.of();
  }

  private void replace(List<BlobMetadata> inputs, Options options) throws RepositoryException {
    Instant before = options.dropBefore;
    Predicate<IndexEntry> wanted =
        before == null
            ? entry -> true
            : entry ->
                !entry.deleted()
                    || !Instant.ofEpochSecond(entry.timestampSeconds()).isBefore(before);
    List<BlobMetadata> outputs = new ArrayList<>();
    merger
        .merge(inputs)
        .write(
            wanted,
            contents.environment().random(),
            (plain, count) ->
                outputs.add(blobs.metadata(blobs.put(V0IndexSet.INDEX_PREFIX, "", plain))));
    BlobId log =
        blobs.put(CompactionLog.BLOB_PREFIX, "", new CompactionLog(inputs, outputs).encode());
    deleteInputs(blobs.metadata(log).timestamp(), options.settleTime);
  }

  /// Deletes the inputs of merges that every client knows of, and plans the end of their logs.
  private void deleteInputs(Instant now, Duration settleTime) throws RepositoryException {
    Map<BlobMetadata, CompactionLog> logs = new LinkedHashMap<>();
    for (BlobMetadata blob : blobs.list(CompactionLog.BLOB_PREFIX)) {
      read(blob.id(), CompactionLog::decode, logs, blob);
    }
    V0IndexSet.Cleanup cleanup = V0IndexSet.cleanup(logs, now, settleTime);
    // Index blobs before the logs, or they would be in force again.
    for (List<BlobId> together : cleanup.indexBlobs()) {
      blobs.deleteAll(together, PARALLEL_DELETES);
    }
    if (!cleanup.finishedLogs().isEmpty()) {
      CleanupList list = new CleanupList(cleanup.finishedLogs(), now);
      blobs.put(CleanupList.BLOB_PREFIX, "", list.encode());
    }
  }

  private void deleteFinished(Duration settleTime) throws RepositoryException {
    Map<BlobMetadata, CleanupList> lists = new LinkedHashMap<>();
    for (BlobMetadata blob : blobs.list(CleanupList.BLOB_PREFIX)) {
      read(blob.id(), CleanupList::decode, lists, blob);
    }
    blobs.delete(V0IndexSet.dueForDeletion(lists, settleTime));
  }

  /// Writes what is in force as index blobs of the first epoch. The V0 index stays as it is. Nobody
  /// may write to the repository meanwhile.
  ///
  /// @return what an earlier attempt left of epochs; it is to be deleted with [#dropEpochs] before
  ///   the epochs count, as it may name packs that are gone by now, and not after that
  public List<BlobId> copyToEpochs() throws RepositoryException {
    List<BlobId> litter = new ArrayList<>();
    blobs.list(EpochBlobName.PREFIX).forEach(blob -> litter.add(blob.id()));
    List<BlobMetadata> active = source.load(new OwnBlobs(), IndexSource.Lists.FRESH).blobs();
    if (active.isEmpty()) {
      return litter;
    }
    SessionId set = SessionId.generateSetId(contents.environment().random());
    String prefix = new EpochBlobName.Uncompacted(0).namePrefix();
    merger
        .merge(active)
        .write(entry -> true, null, (plain, count) -> blobs.put(prefix, set + "-c" + count, plain));
    return litter;
  }

  /// Deletes what an earlier attempt left.
  public void dropEpochs(List<BlobId> litter) throws RepositoryException {
    blobs.deleteAll(litter, PARALLEL_DELETES);
  }

  private interface Decoder<T> {
    T decode(byte[] json) throws FormatException;
  }

  private <T> void read(BlobId id, Decoder<T> decoder, Map<BlobMetadata, T> into, BlobMetadata key)
      throws RepositoryException {
    try {
      into.put(key, decoder.decode(blobs.open(id)));
    } catch (NotFoundException e) {
      // Deleted since it was listed.
    } catch (FormatException e) {
      throw Faults.unreadable("blob " + id, e);
    }
  }
}
