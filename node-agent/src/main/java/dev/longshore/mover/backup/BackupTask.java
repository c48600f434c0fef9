package dev.longshore.mover.backup;

import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.NotKept;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import dev.longshore.mover.run.MetadataFailures;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.MoverTask;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.run.VolumePath;
import dev.longshore.mover.store.RepositoryAccess;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Backs a volume up. It is completed when the snapshot was read back from the repository.
public final class BackupTask implements MoverTask {
  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;
  private final Map<String, String> details = new TreeMap<>();

  public BackupTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(BackupTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    String path = run.options().required(TaskOption.SOURCE_PATH);
    SourceInfo source = new SourceInfo(RepositoryAccess.NAME, RepositoryAccess.NAME, path);
    Path volume = VolumePath.of(run.options());
    boolean block = run.options().isBlock();
    details.put("mode", block ? "Block" : "Filesystem");
    if (block == Files.isDirectory(volume)) {
      throw new MoverFailure(
          Reasons.VOLUME_MISSING,
          volume + " is " + (block ? "a directory, and no device" : "no directory"),
          false);
    }
    if (access.isReadOnly()) {
      throw new MoverFailure(
          Reasons.BAD_LOCATION, "the storage location is read-only: nothing is backed up", false);
    }
    long sinceSeconds = run.surroundings().clock().instant().getEpochSecond();
    SnapshotManifest saved;
    Optional<SnapshotManifest> parent;
    try (Repository repository = access.open()) {
      ParentSearch search = new ParentSearch(repository, source, run.options().tags());
      ParentSearch.Found found = search.find(run.options().text(TaskOption.PARENT));
      Optional<SnapshotManifest> made = search.alreadyMade();
      if (made.isPresent()) {
        log.info("an earlier attempt has made the snapshot " + VolumeUpload.id(made.get()));
        details.put("reused", "true");
        saved = made.get();
        // The newest is the one itself.
        parent = Optional.empty();
      } else {
        parent = Optional.ofNullable(found.parentOrNull());
        tell(found);
        VolumeUpload upload = new VolumeUpload(run, volume, source);
        VolumeUpload.Made result = upload.make(repository, found);
        tell(upload.listener(), result);
        saved = result.snapshot();
      }
    }
    if (!saved.isComplete()) {
      return TaskReport.canceled("the backup was canceled; the next one goes on from where it was");
    }
    return checked(saved, parent, sinceSeconds);
  }

  private TaskReport checked(
      SnapshotManifest saved, Optional<SnapshotManifest> parent, long sinceSeconds)
      throws IOException, MoverFailure {
    try (Repository repository = access.openPastCache()) {
      SnapshotCheck check = new SnapshotCheck(run, repository);
      SnapshotCheck.Found found = check.find(saved);
      run.progress().complete(found.totalBytes());
      long incremental = check.incrementalBytes(found, parent);
      check.sample(saved, sinceSeconds, details);
      return new TaskReport(
          TaskReport.Outcome.COMPLETED,
          VolumeUpload.id(found.snapshot()),
          found.totalBytes(),
          incremental,
          found.isEmpty(),
          "",
          "",
          false,
          details);
    }
  }

  private void tell(ParentSearch.Found found) {
    SnapshotManifest parent = found.parentOrNull();
    SnapshotManifest checkpoint = found.checkpointOrNull();
    details.put("kind", parent == null ? "full" : "incremental");
    if (parent != null) {
      details.put("parent", VolumeUpload.id(parent));
      log.info("the parent is the snapshot " + VolumeUpload.id(parent));
    }
    if (!found.fallback().isEmpty()) {
      details.put("parentFallback", found.fallback());
      log.warning("a full backup, as " + found.fallback());
    }
    if (checkpoint != null) {
      details.put("resumedFrom", VolumeUpload.id(checkpoint));
      log.info("going on from the checkpoint " + VolumeUpload.id(checkpoint));
    }
  }

  private void tell(UploadListener listener, VolumeUpload.Made made) throws MoverFailure {
    details.put("readBytes", Long.toString(listener.readBytes()));
    details.put("cachedBytes", Long.toString(listener.cachedBytes()));
    details.put("uploadedBytes", Long.toString(made.writtenBytes()));
    put("ignoredErrors", listener.ignored());
    put("changedFiles", made.changedFiles());
    put("healedContents", made.healedContents());
    NotKept notKept = made.notKept();
    put("metadataFailures", VolumeUpload.attributesLost(notKept));
    put("extendedAttributes", notKept.extendedAttributes());
    put("accessControlLists", notKept.accessControlLists());
    put("capabilities", notKept.capabilities());
    put("hardLinks", notKept.hardLinks());
    put("specialFiles", notKept.specialFiles());
    put("names", notKept.names());
    if (!notKept.isNothing() && run.options().metadataFailures() == MetadataFailures.WARN) {
      log.warning("the snapshot cannot hold all that the volume has: " + String.valueOf(notKept));
    }
  }

  private void put(String key, long count) {
    if (count > 0) {
      details.put(key, Long.toString(count));
    }
  }
}
