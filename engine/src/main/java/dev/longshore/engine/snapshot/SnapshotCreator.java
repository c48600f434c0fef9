package dev.longshore.engine.snapshot;

import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.policy.PolicyTree;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes snapshots: finds what there was before, uploads, saves the manifest, applies retention,
/// flushes.
public final class SnapshotCreator {
  private final RepositoryWriter writer;
  private final UploadSettings settings;

  /// @param writer the session; it is flushed after each snapshot and at checkpoints
  /// @param zone of the retention policy's weeks and days, as Kopia's process would have it
  /// @param random picks unchanged files to read again, and names unfinished files in checkpoints
  public SnapshotCreator(
      RepositoryWriter writer,
      UploadOptions options,
      UploadProgress progress,
      ZoneId zone,
      RandomGenerator random) {
    this.writer = writer;
    this.settings = new UploadSettings(options, progress, zone, random).shared();
  }

  /// Makes one snapshot.
  ///
  /// Errors of single entries are in the root's summary; a cancelled or limited upload is saved as
  /// incomplete.
  ///
  /// @throws IOException if the root itself cannot be read
  /// @throws dev.longshore.engine.error.RepositoryException if the repository fails
  public SnapshotResult create(SourceTree source, SnapshotRequest request, CancelToken cancel)
      throws IOException {
    List<SnapshotManifest> parents =
        request.parents().isPresent()
            ? request.parents().get()
            : new SnapshotCatalog(writer.manifests()).previous(request.source());
    PolicyTree policies = new Policies(writer.manifests()).tree(request.source());
    UploadResult upload =
        new Uploader(writer, settings).upload(source, request.source(), policies, parents, cancel);
    SnapshotManifest snapshot = complete(upload.manifest(), request);
    Boolean skipIdentical = policies.policy().retention().ignoreIdenticalSnapshots();
    boolean save = !Boolean.TRUE.equals(skipIdentical) || !isIdentical(snapshot, parents);
    List<ManifestId> expired = List.of();
    if (save) {
      SnapshotEditor editor = new SnapshotEditor(writer.manifests());
      snapshot = editor.save(snapshot);
      expired = editor.expire(request.source(), settings.zone(), true);
    }
    writer.flush();
    return new SnapshotResult(
        snapshot, save, expired, upload.notKept(), upload.changedFiles(), upload.actionsSkipped());
  }

  private static boolean isIdentical(SnapshotManifest snapshot, List<SnapshotManifest> parents) {
    return !parents.isEmpty()
        && snapshot
            .root()
            .map(DirEntry::objectId)
            .equals(parents.getFirst().root().map(DirEntry::objectId));
  }

  private static SnapshotManifest complete(SnapshotManifest upload, SnapshotRequest request) {
    long start = upload.startNanos();
    long end = upload.endNanos();
    long took = end - start;
    if (request.startTime().isPresent()) {
      start = GoTime.epochNanos(request.startTime().get());
      end = start + took;
    }
    if (request.endTime().isPresent()) {
      end = GoTime.epochNanos(request.endTime().get());
      start = request.startTime().isPresent() ? start : end - took;
    }
    return new SnapshotManifest(
        null,
        upload.source(),
        request.description(),
        start,
        end,
        upload.stats(),
        upload.incomplete(),
        upload.rootOrNull(),
        request.tags(),
        request.pins());
  }
}
