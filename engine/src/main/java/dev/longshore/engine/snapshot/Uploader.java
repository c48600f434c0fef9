package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.policy.PolicyTree;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFault;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceOther;
import dev.longshore.engine.source.SourceStream;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SnapshotStats;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/// Reads a source into a repository. One upload at a time; nothing is flushed but checkpoints.
///
/// Equal trees get equal object ids, whichever of Longshore and Kopia reads them.
///
/// Source: kopia 4ebb2be6c `snapshot/upload/upload.go`.
public final class Uploader {
  private final RepositoryWriter writer;
  private final UploadSettings settings;

  /// @param zone of the retention policy's weeks and days, for it is applied at checkpoints
  /// @param random picks unchanged files to read again, and names unfinished files in checkpoints
  public Uploader(
      RepositoryWriter writer,
      UploadOptions options,
      UploadProgress progress,
      ZoneId zone,
      RandomGenerator random) {
    this(writer, new UploadSettings(options, progress, zone, random).shared());
  }

  Uploader(RepositoryWriter writer, UploadSettings settings) {
    this.writer = writer;
    this.settings = settings;
  }

  /// Reads a source.
  ///
  /// @param policies of the source and below
  /// @param parents snapshots whose unchanged files are taken over, the newest first
  /// @param cancel ends the upload; what was read so far makes an incomplete snapshot
  /// @throws IOException if the root cannot be read, or was cancelled and is a single file
  /// @throws RepositoryException if the repository fails
  public UploadResult upload(
      SourceTree tree,
      SourceInfo source,
      PolicyTree policies,
      List<SnapshotManifest> parents,
      CancelToken cancel)
      throws IOException {
    long start = now();
    try (WorkShare share = new WorkShare(parallel(policies.policy()) - 1)) {
      UploadContext context =
          new UploadContext(writer, settings, cancel, share, tree.root().status().device());
      noteActions(context, policies.policy());
      AtomicReference<DirEntry> root = new AtomicReference<>();
      share.runRoot(() -> {
        CheckpointRegistry registry = new CheckpointRegistry();
        try (Checkpointer _ =
            new Checkpointer(writer, settings, context, prototype(source, start), registry)) {
          root.set(uploadRoot(context, tree, Place.root(policies, roots(parents)), registry));
        } catch (UploadStopped e) {
          // Something has failed elsewhere: that is rethrown.
        }
        context.rethrowFailure();
      });
      SnapshotManifest manifest =
          new SnapshotManifest(
              null,
              source,
              "",
              start,
              now(),
              context.counters.stats(),
              context.incompleteReason(),
              root.get(),
              Map.of(),
              List.of());
      return new UploadResult(
          manifest,
          context.inspector.result(),
          context.counters.changedFiles.sum(),
          context.actionsSkipped());
    }
  }

  private static SnapshotManifest prototype(SourceInfo source, long start) {
    return new SnapshotManifest(
        null,
        source,
        "",
        start,
        start,
        SnapshotStats.NONE,
        SnapshotManifest.CHECKPOINT,
        null,
        Map.of(),
        List.of());
  }

  private long now() {
    return GoTime.epochNanos(writer.repository().clock().instant());
  }

  private int parallel(Policy policy) {
    int asked = settings.options().parallel();
    if (asked > 0) {
      return asked;
    }
    Long limit = policy.upload().maxParallelFileReads();
    return limit == null || limit < 1
        ? Runtime.getRuntime().availableProcessors()
        : (int) Math.min(limit, 1024);
  }

  private static void noteActions(UploadContext context, Policy policy) {
    if (policy.actions().beforeSnapshotRoot() != null
        || policy.actions().afterSnapshotRoot() != null) {
      context.noteActions();
    }
  }

  private static List<ObjectId> roots(List<SnapshotManifest> parents) {
    return parents.stream()
        .map(SnapshotManifest::root)
        .flatMap(Optional::stream)
        .filter(root -> root.type() == EntryType.DIRECTORY)
        .map(DirEntry::objectId)
        .toList();
  }

  private DirEntry uploadRoot(
      UploadContext context, SourceTree tree, Place place, CheckpointRegistry registry)
      throws IOException {
    SourceEntry root = tree.root();
    return switch (root) {
      case SourceDirectory directory -> uploadDirectory(context, directory, place, registry);
      case SourceFile file -> uploadFile(context, file, place.policies().policy(), registry);
      case SourceSymlink _, SourceStream _, SourceOther _ ->
          throw new UnsupportedException(
              "the source " + root.name() + " is neither a directory nor a file");
      case SourceFault fault -> throw new IOException(fault.error());
    };
  }

  private static DirEntry uploadDirectory(
      UploadContext context, SourceDirectory directory, Place place, CheckpointRegistry registry)
      throws IOException {
    Duration after = context.options.estimateAfter();
    if (after.equals(UploadOptions.NEVER)) {
      return new DirectoryUpload(context, directory, place).run(registry);
    }
    CountDownLatch ended = new CountDownLatch(1);
    CancelToken stop = new CancelToken();
    try (WorkShare.Group estimate = context.share.group()) {
      estimate.start(() -> {
        if (!isOver(ended, after)) {
          new EstimateWalk(context.progress, 0, stop).totals(directory, place);
        }
      });
      try {
        return new DirectoryUpload(context, directory, place).run(registry);
      } finally {
        stop.cancel();
        ended.countDown();
      }
    }
  }

  /// Waits for the end, so long at most; tells whether it has come.
  private static boolean isOver(CountDownLatch end, Duration wait) {
    try {
      return end.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static DirEntry uploadFile(
      UploadContext context, SourceFile file, Policy policy, CheckpointRegistry registry)
      throws IOException {
    context.progress.estimated(1, file.status().sizeBytes());
    context.progress.hashing(file.name());
    ExtraMetadata extra = rootExtra(context, file, policy);
    DirEntry stored;
    try {
      stored = new FileUpload(context).file(file, policy, registry);
    } catch (UploadStopped e) {
      throw new InterruptedIOException("ended before its only file was read");
    }
    context.progress.hashed(file.name(), stored.sizeBytes());
    DirSummary summary =
        new DirSummary(stored.sizeBytes(), 1, 0, 0, stored.mtimeNanos(), "", 0, 0, List.of());
    // The entry has the size that was announced, the summary that which was read, as Kopia has it.
    return new DirEntry(
        stored.name(),
        stored.type(),
        stored.mode(),
        file.status().sizeBytes(),
        stored.mtimeNanos(),
        stored.uid(),
        stored.gid(),
        stored.objectId(),
        summary,
        extra);
  }

  private static ExtraMetadata rootExtra(UploadContext context, SourceFile file, Policy policy)
      throws IOException {
    List<String> fatal = new ArrayList<>();
    ExtraMetadata extra =
        new ExtraReader(
                context,
                FileUpload.metadataCompression(policy),
                (entry, message, isIgnored) -> {
                  context.metadataFailed(entry.name(), message, isIgnored);
                  if (!isIgnored) {
                    fatal.add(message);
                  }
                })
            .ofRoot(file);
    if (!fatal.isEmpty()) {
      throw new IOException(fatal.getFirst());
    }
    return extra;
  }
}
