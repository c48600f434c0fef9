package dev.longshore.mover.backup;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at a saved snapshot in a repository that was opened anew, past all caches: only what is
/// found there is reported as backed up.
final class SnapshotCheck {
  private final TaskRun run;
  private final Repository repository;
  private final MoverLog log;

  /// What was found.
  ///
  /// @param totalBytes of all files
  /// @param isEmpty there is nothing in it
  record Found(SnapshotManifest snapshot, long totalBytes, boolean isEmpty) {}

  SnapshotCheck(TaskRun run, Repository repository) {
    this.run = run;
    this.repository = repository;
    this.log = run.log().of(SnapshotCheck.class);
  }

  /// Reads the manifest and the root directory.
  ///
  /// @throws MoverFailure if they are not as they were saved
  Found find(SnapshotManifest saved) throws RepositoryException, MoverFailure {
    ManifestId id =
        saved.id().orElseThrow(() -> new IllegalArgumentException("a snapshot without an id"));
    Optional<SnapshotManifest> found = new SnapshotCatalog(repository.manifests()).load(id);
    if (found.isEmpty() || !found.get().root().equals(saved.root())) {
      throw failed("the snapshot " + id + " was saved and is not in the repository as it was");
    }
    DirEntry root = SnapshotTree.root(found.get());
    long bytes = root.summary().map(DirSummary::size).orElse(root.sizeBytes());
    return new Found(found.get(), bytes, isEmpty(root));
  }

  private boolean isEmpty(DirEntry root) throws RepositoryException {
    if (root.type() != EntryType.DIRECTORY) {
      return false;
    }
    try (DirectoryCursor entries = SnapshotTree.of(repository).open(root)) {
      return entries.next() == null;
    }
  }

  /// Counts what the parent does not have; all if there is none, or it cannot be read.
  long incrementalBytes(Found found, Optional<SnapshotManifest> parent) throws IOException {
    if (parent.isEmpty()) {
      return found.totalBytes;
    }
    DirEntry root = SnapshotTree.root(found.snapshot);
    DirEntry before = SnapshotTree.root(parent.get());
    if (root.type() != EntryType.DIRECTORY || before.type() != EntryType.DIRECTORY) {
      return found.totalBytes;
    }
    try {
      return IncrementalBytes.between(repository, before, root);
    } catch (RepositoryException e) {
      log.warning("the parent cannot be compared with: " + Reasons.message(e));
      return found.totalBytes;
    }
  }

  /// Reads back a share of what was written since a time, and tells what it was. If some of it is
  /// damaged the snapshot is deleted, and the damage noted, so that the next attempt heals it.
  void sample(SnapshotManifest snapshot, long sinceSeconds, Map<String, String> details)
      throws RepositoryException, MoverFailure {
    double percent = run.options().percent(TaskOption.VERIFY_PERCENT, 0);
    if (percent == 0) {
      details.put("verify", "none");
      return;
    }
    ReadBack check = new ReadBack(repository, run.cancel());
    ReadBack.Result result;
    try {
      result = check.run(sinceSeconds, percent, run.surroundings().random());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      details.put("verify", "interrupted");
      return;
    }
    details.put("verifiedContents", Long.toString(result.contents()));
    details.put("verifiedBytes", Long.toString(result.bytes()));
    details.put("verify", result.whole() ? "ok" : "interrupted");
    if (!result.firstFault().isEmpty()) {
      giveUp(snapshot, check.notes());
      throw failed("what was uploaded does not read back: " + result.firstFault());
    }
  }

  private void giveUp(SnapshotManifest snapshot, DamageNotes notes) throws RepositoryException {
    List<ManifestId> ids = snapshot.id().stream().toList();
    var _ =
        repository.write(
            WriteOptions.forPurpose("give up a damaged snapshot"),
            writer -> {
              new SnapshotEditor(writer.manifests()).delete(ids);
              return ids;
            });
    var _ = notes.save(repository, false);
  }

  private static MoverFailure failed(String message) {
    return new MoverFailure(Reasons.VERIFICATION_FAILED, message, true);
  }
}
