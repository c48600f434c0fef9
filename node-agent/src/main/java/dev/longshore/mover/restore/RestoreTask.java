package dev.longshore.mover.restore;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.restore.RestoreIssue;
import dev.longshore.engine.restore.RestoreListener;
import dev.longshore.engine.restore.RestoreOptions;
import dev.longshore.engine.restore.RestoreResult;
import dev.longshore.engine.restore.RestoreStats;
import dev.longshore.engine.restore.RestoreTarget;
import dev.longshore.engine.restore.Restorer;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
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
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Restores a snapshot into a volume. It is completed when all bytes are durable; the completion
/// marker comes last.
public final class RestoreTask implements MoverTask {
  private static final int MAX_TOLD = 20;

  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;
  private final Map<String, String> details = new TreeMap<>();

  public RestoreTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(RestoreTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    String id = run.options().required(TaskOption.SNAPSHOT);
    String marker = run.options().text(TaskOption.COMPLETION_MARKER);
    details.put("mode", "Filesystem");
    CompletionMarker.check(marker);
    RestoreOptions options = options();
    Path volume = VolumePath.of(run.options());
    if (!Files.isDirectory(volume)) {
      throw new MoverFailure(Reasons.VOLUME_MISSING, volume + " is no directory", false);
    }
    long bytes;
    try (Repository repository = access.open()) {
      DirEntry root = root(repository, id);
      bytes = root.summary().map(DirSummary::size).orElse(root.sizeBytes());
      run.progress().total(bytes);
      RestoreResult result = restore(repository, root, volume, options);
      if (run.cancel().isCancelled()) {
        return TaskReport.canceled("the restore was canceled; the volume is incomplete");
      }
      check(result);
    }
    try {
      if (!marker.isEmpty()) {
        CompletionMarker.remove(volume);
      }
      sync(volume);
      if (!marker.isEmpty()) {
        CompletionMarker.write(volume, marker);
        sync(volume);
      }
    } catch (IOException e) {
      throw Reasons.ofTarget(e);
    }
    run.progress().complete(bytes);
    return TaskReport.completed("", bytes, 0, details);
  }

  private RestoreOptions options() throws MoverFailure {
    long asked = run.options().number(TaskOption.PARALLEL, 0);
    RestoreOptions plain = RestoreOptions.DEFAULTS;
    return new RestoreOptions(
        plain.overwrite(),
        plain.skip(),
        new RestoreOptions.Writing(run.options().flag(TaskOption.WRITE_SPARSE_FILES), false, false),
        true,
        false,
        false,
        run.options().flag(TaskOption.DELETE_EXTRA),
        plain.shallow(),
        asked > 0 ? (int) Math.min(asked, 256) : plain.parallel(),
        MemoryBudget.ofProcess().transferBytes(),
        AttributeOptions.DEFAULTS);
  }

  private DirEntry root(Repository repository, String id) throws MoverFailure, RepositoryException {
    try {
      SnapshotManifest snapshot =
          ManifestId.isValid(id)
              ? new SnapshotCatalog(repository.manifests()).load(new ManifestId(id)).orElse(null)
              : null;
      if (snapshot == null) {
        throw new MoverFailure(
            Reasons.SNAPSHOT_NOT_FOUND, "there is no snapshot " + id + " in the repository", false);
      }
      if (!snapshot.isComplete()) {
        log.warning("the snapshot " + id + " is incomplete: " + snapshot.incomplete());
      }
      if (BlockTags.BLOCK_UPLOADER.equals(snapshot.tags().get(BlockTags.UPLOADER))) {
        throw new MoverFailure(
            Reasons.VOLUME_UNWRITABLE,
            "snapshot " + id + " is of a device, in blocks: it cannot be restored as files",
            false);
      }
      return SnapshotTree.root(snapshot);
    } catch (DamagedException e) {
      throw damaged(e);
    }
  }

  private static MoverFailure damaged(RepositoryException e) {
    return new MoverFailure(Reasons.SNAPSHOT_DAMAGED, Reasons.message(e), false, e);
  }

  private RestoreResult restore(
      Repository repository, DirEntry root, Path volume, RestoreOptions options)
      throws RepositoryException, MoverFailure {
    boolean quiet = run.options().metadataFailures() == MetadataFailures.IGNORE;
    try {
      return new Restorer(repository)
          .restore(root, new RestoreTarget.Local(volume), options, new Listener(quiet));
    } catch (DamagedException | NotFoundException e) {
      throw damaged(e);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw Reasons.ofTarget(e);
    }
  }

  private void check(RestoreResult result) throws MoverFailure {
    RestoreStats stats = result.stats();
    details.put("files", Long.toString(stats.restored().files()));
    details.put("directories", Long.toString(stats.restored().directories()));
    details.put("symlinks", Long.toString(stats.restored().symlinks()));
    if (result.failures() > 0 || !result.complete()) {
      throw failed(result);
    }
    long metadata =
        result.issueCounts().entrySet().stream()
            .filter(kind -> kind.getKey() != RestoreIssue.Kind.FAILED)
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (metadata == 0) {
      return;
    }
    details.put("metadataFailures", Long.toString(metadata));
    String first = result.issues().isEmpty() ? "" : ": " + result.issues().getFirst();
    switch (run.options().metadataFailures()) {
      case FAIL ->
          throw new MoverFailure(
              Reasons.METADATA_FAILED,
              metadata + " owners, permissions or times could not be set" + first,
              false);
      case WARN -> log.warning(metadata + " owners, permissions or times could not be set" + first);
      case IGNORE -> {}
    }
  }

  private static MoverFailure failed(RestoreResult result) {
    String first =
        result.issues().stream()
            .filter(RestoreIssue::isFailure)
            .findFirst()
            .map(RestoreIssue::toString)
            .orElse("the restore did not go through the whole tree");
    String message = result.failures() + " entries could not be restored: " + first;
    if (first.contains("no space left") || first.contains("disk quota exceeded")) {
      return new MoverFailure(Reasons.NO_SPACE_LEFT, message, false);
    }
    boolean damage = first.contains("content ") || first.contains("object ");
    return new MoverFailure(
        damage ? Reasons.SNAPSHOT_DAMAGED : Reasons.VOLUME_UNWRITABLE, message, true);
  }

  /// Makes all that was written durable.
  private static void sync(Path volume) throws IOException {
    int fd = Posix.open(volume, Posix.O_RDONLY);
    try {
      PosixChanges.syncfs(fd);
    } finally {
      Posix.close(fd);
    }
  }

  private final class Listener implements RestoreListener {
    private static final long INTERVAL_NANOS = 200_000_000;

    private final AtomicInteger told = new AtomicInteger();
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final boolean quiet;

    Listener(boolean quiet) {
      this.quiet = quiet;
    }

    @Override
    public void progress(Supplier<RestoreStats> stats) {
      long due = next.get();
      long now = System.nanoTime();
      if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL_NANOS)) {
        RestoreStats done = stats.get();
        run.progress().done(done.restoredBytes() + done.skippedBytes());
      }
    }

    @Override
    public void issue(RestoreIssue issue) {
      if ((issue.isFailure() || !quiet) && told.incrementAndGet() <= MAX_TOLD) {
        log.warning(issue.toString());
      }
    }

    @Override
    public boolean cancelled() {
      return run.cancel().isCancelled();
    }
  }
}
