package dev.longshore.mover.restore;

import dev.longshore.engine.block.restore.BlockRestore;
import dev.longshore.engine.block.restore.BlockRestoreListener;
import dev.longshore.engine.block.restore.BlockRestoreOptions;
import dev.longshore.engine.block.restore.BlockRestoreResult;
import dev.longshore.engine.block.restore.BlockRestoreStats;
import dev.longshore.engine.block.restore.BlockTarget;
import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.block.restore.Surplus;
import dev.longshore.engine.block.restore.TargetException;
import dev.longshore.engine.block.restore.UnreadableRange;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Restores the snapshot of a device, in blocks or as a file, to a device. It is completed when all
/// bytes are durable. What the device has behind the volume stays.
public final class BlockRestoreTask implements MoverTask {
  private static final int MAX_TOLD = 20;
  private static final int MOST_PARALLEL = 256;

  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;
  private final Map<String, String> details = new TreeMap<>();

  public BlockRestoreTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(BlockRestoreTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    String id = run.options().required(TaskOption.SNAPSHOT);
    details.put("mode", "Block");
    Path device = VolumePath.of(run.options());
    if (Files.isDirectory(device)) {
      throw new MoverFailure(
          Reasons.VOLUME_MISSING, device + " is a directory, and no device", false);
    }
    try (Repository repository = access.open()) {
      BlockVolume volume = volume(repository, id);
      details.put("layout", volume.isTagged() ? "blocks" : "file");
      run.progress().total(volume.sizeBytes());
      BlockRestoreResult result = restore(repository, volume, device);
      if (!result.complete()) {
        return TaskReport.canceled("the restore was canceled; the volume is incomplete");
      }
      if (!result.isWhole()) {
        throw new MoverFailure(
            Reasons.SNAPSHOT_DAMAGED,
            "%d parts of the volume cannot be read: %s"
                .formatted(result.unreadableCount(), result.unreadable().getFirst()),
            false);
      }
      BlockRestoreStats stats = result.stats();
      details.put("writtenBytes", Long.toString(stats.writtenBytes()));
      details.put("zeroBytes", Long.toString(stats.zeroBytes()));
      if (stats.unchangedBytes() > 0) {
        details.put("unchangedBytes", Long.toString(stats.unchangedBytes()));
      }
      run.progress().complete(volume.sizeBytes());
      return TaskReport.completed("", volume.sizeBytes(), 0, details);
    }
  }

  private static BlockVolume volume(Repository repository, String id)
      throws RepositoryException, MoverFailure {
    try {
      Optional<SnapshotManifest> snapshot =
          ManifestId.isValid(id)
              ? new SnapshotCatalog(repository.manifests()).load(new ManifestId(id))
              : Optional.empty();
      if (snapshot.isEmpty()) {
        throw new MoverFailure(
            Reasons.SNAPSHOT_NOT_FOUND, "there is no snapshot " + id + " in the repository", false);
      }
      if (!snapshot.get().isComplete()) {
        throw new MoverFailure(
            Reasons.SNAPSHOT_NOT_FOUND, "snapshot " + id + " is incomplete", false);
      }
      return BlockVolume.of(repository.objects(), snapshot.get());
    } catch (NotFoundException e) {
      throw new MoverFailure(Reasons.VOLUME_UNWRITABLE, Reasons.message(e), false, e);
    } catch (DamagedException e) {
      throw new MoverFailure(Reasons.SNAPSHOT_DAMAGED, Reasons.message(e), false, e);
    }
  }

  private BlockRestoreResult restore(Repository repository, BlockVolume volume, Path device)
      throws RepositoryException, MoverFailure {
    long asked = run.options().number(TaskOption.PARALLEL, 0);
    BlockRestoreOptions options =
        BlockRestoreOptions.DEFAULTS
            .withSurplus(Surplus.LEAVE)
            .withInPlace(run.options().flag(TaskOption.CONTINUE));
    if (asked > 0) {
      options = options.withParallel((int) Math.min(asked, MOST_PARALLEL));
    }
    try {
      return new BlockRestore(repository)
          .restore(volume, new BlockTarget.Raw(device), options, new Listener());
    } catch (TargetException e) {
      throw new MoverFailure(Reasons.VOLUME_UNWRITABLE, Reasons.message(e), false, e);
    } catch (DamagedException | NotFoundException e) {
      throw new MoverFailure(Reasons.SNAPSHOT_DAMAGED, Reasons.message(e), false, e);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw Reasons.ofTarget(e);
    }
  }

  private final class Listener implements BlockRestoreListener {
    private static final long INTERVAL_NANOS = 200_000_000;

    private final AtomicInteger told = new AtomicInteger();
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    @Override
    public void progress(Supplier<BlockRestoreStats> stats) {
      long due = next.get();
      long now = System.nanoTime();
      if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL_NANOS)) {
        run.progress().done(stats.get().doneBytes());
      }
    }

    @Override
    public void unreadable(UnreadableRange range) {
      if (told.incrementAndGet() <= MAX_TOLD) {
        log.warning("cannot be restored: " + range);
      }
    }

    @Override
    public boolean cancelled() {
      return run.cancel().isCancelled();
    }
  }
}
