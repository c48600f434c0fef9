package dev.longshore.engine.block;

import dev.longshore.engine.block.UnusableListException.Which;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Backs up block devices in Velero's layout, which Velero and Kopia read: only what changed, if
/// somebody knows it.
///
/// The ways to know are tried from the cheapest on ([ChangeMode]), and which one it was, and why,
/// is in the result and in the snapshot's tags. The snapshot is whole in any case: deleting its
/// parent harms nothing. Blocks of the parent that are no longer in the repository are read again.
///
/// Memory does not depend on the size of the device, but for a bit per block. One backup at a time.
public final class BlockBackup {
  /// Tags that tell how a snapshot was made. None of them is Velero's.
  public static final String MODE_TAG = "longshore-block-mode";

  public static final String REASON_TAG = "longshore-block-reason";
  public static final String CODE_TAG = "longshore-block-code";
  public static final String PARENT_TAG = "longshore-block-parent";

  private final RepositoryWriter writer;
  private final BlockOptions options;
  private final BlockProgress progress;
  private final RandomGenerator random;

  /// @param writer the session; it is flushed after the snapshot and at checkpoints
  /// @param random picks the blocks that are read although they are said to be unchanged
  public BlockBackup(
      RepositoryWriter writer,
      BlockOptions options,
      BlockProgress progress,
      RandomGenerator random) {
    this.writer = writer;
    this.options = options;
    this.progress = progress;
    this.random = random;
  }

  /// Makes and saves one snapshot.
  ///
  /// @param source does not change meanwhile; stays the caller's to close
  /// @param cancel ends the backup after a checkpoint
  /// @throws java.io.InterruptedIOException if cancelled
  /// @throws UnsupportedException if the device is empty, or larger than
  ///   [BlockMap#MAX_DEVICE_BYTES]
  /// @throws IOException if the device cannot be read
  /// @throws RepositoryException if the repository fails
  public BlockResult run(BlockSource source, BlockRequest request, CancelToken cancel)
      throws IOException {
    long size = source.size();
    if (size < 1 || size > BlockMap.MAX_DEVICE_BYTES) {
      throw new UnsupportedException(
          "a device of %d bytes: 1 to %d can be backed up"
              .formatted(size, BlockMap.MAX_DEVICE_BYTES));
    }
    Job job = new Job(source, request, cancel);
    ReadPlan plan = new ChangeLadder(request, size).plan(new ParentSearch(writer).find(request));
    Optional<BlockCheckpoints.Part> resumed = job.checkpoints.find(plan);
    while (true) {
      try {
        return job.run(plan, resumed);
      } catch (UnusableListException e) {
        if (e.which() == Which.CHECKPOINT) {
          resumed = Optional.empty();
        } else {
          // What was made with a wrong list must not be gone on from.
          job.checkpoints.delete();
          plan = plan.without(e.which(), e.reason());
          resumed = Optional.empty();
        }
      }
    }
  }

  /// One backup.
  private final class Job {
    private final BlockSource source;
    private final BlockRequest request;
    private final CancelToken cancel;
    private final BlockSnapshots snapshots;
    private final BlockCheckpoints checkpoints;
    private final long start;

    Job(BlockSource source, BlockRequest request, CancelToken cancel) {
      this.source = source;
      this.request = request;
      this.cancel = cancel;
      this.snapshots = new BlockSnapshots(writer, request);
      this.checkpoints = new BlockCheckpoints(writer, snapshots, request);
      this.start = snapshots.now();
    }

    BlockResult run(ReadPlan plan, Optional<BlockCheckpoints.Part> resumed) throws IOException {
      int first = resumed.map(BlockCheckpoints.Part::blocks).orElse(0);
      progress.planned(plan.report(), plan.wanted().markedBytesFrom(first));
      BlockPass.Guide guide =
          new BlockPass.Guide(
              options, progress, cancel, part -> checkpoints.save(plan, part, start));
      BlockMap sample = plan.sample(options.verifyPercent(), random);
      try (BlockPass pass = new BlockPass(writer, source, plan, sample, resumed, guide)) {
        ObjectId list = pass.run();
        return save(plan, list, pass.counts());
      }
    }

    private BlockResult save(ReadPlan plan, ObjectId list, BlockResult.Counts counts)
        throws RepositoryException {
      Optional<ManifestId> parent = plan.parent().flatMap(found -> found.manifest().id());
      SnapshotManifest snapshot =
          snapshots.of(
              list,
              BlockLayout.objectBytes(source.size()),
              new BlockSnapshots.Frame(start, "", tags(plan.report(), parent), request.pins()));
      SnapshotManifest saved = new SnapshotEditor(writer.manifests()).save(snapshot);
      checkpoints.delete();
      writer.flush();
      return new BlockResult(saved, plan.report(), parent, counts);
    }

    private Map<String, String> tags(ChangeReport report, Optional<ManifestId> parent) {
      Map<String, String> tags = new TreeMap<>(request.tags());
      tags.putAll(new BlockTags(source.size(), request.volumeId(), request.changeId()).toMap());
      tags.put(MODE_TAG, report.mode().text());
      put(tags, REASON_TAG, report.reason());
      put(tags, CODE_TAG, report.code());
      put(tags, PARENT_TAG, parent.map(Object::toString).orElse(""));
      return tags;
    }

    private static void put(Map<String, String> tags, String key, String value) {
      if (!value.isEmpty()) {
        tags.put(key, value);
      }
    }
  }
}
