package dev.longshore.mover.backup;

import dev.longshore.engine.block.BlockBackup;
import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.block.BlockOptions;
import dev.longshore.engine.block.BlockProgress;
import dev.longshore.engine.block.BlockRequest;
import dev.longshore.engine.block.BlockResult;
import dev.longshore.engine.block.BlockSource;
import dev.longshore.engine.block.ChangeMode;
import dev.longshore.engine.block.ChangeReport;
import dev.longshore.engine.block.ChangeTracker;
import dev.longshore.engine.block.ParentChoice;
import dev.longshore.engine.block.device.Access;
import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
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
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Backs a device up in blocks, as Velero's block mover has them: what has changed, where somebody
/// knows that. How it was done, and why not in a cheaper way, is in the report.
///
/// It is completed when the snapshot was read back from the repository.
public final class BlockBackupTask implements MoverTask {
  private static final String OPERATION_ID = "velero.io/async-operation-id";
  private static final int MOST_READERS = 64;

  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;
  private final Map<String, String> details = new TreeMap<>();

  public BlockBackupTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(BlockBackupTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    String path = run.options().required(TaskOption.SOURCE_PATH);
    SourceInfo source = new SourceInfo(RepositoryAccess.NAME, RepositoryAccess.NAME, path);
    Path volume = VolumePath.of(run.options());
    details.put("mode", "Block");
    details.put("layout", "blocks");
    if (Files.isDirectory(volume)) {
      throw new MoverFailure(
          Reasons.VOLUME_MISSING, volume + " is a directory, and no device", false);
    }
    if (access.isReadOnly()) {
      throw new MoverFailure(
          Reasons.BAD_LOCATION, "the storage location is read-only: nothing is backed up", false);
    }
    long sinceSeconds = run.surroundings().clock().instant().getEpochSecond();
    SnapshotManifest saved;
    long incremental;
    try (Repository repository = access.open();
        BlockDevice device = open(volume)) {
      Optional<SnapshotManifest> made = alreadyMade(repository, source);
      if (made.isPresent()) {
        saved = made.get();
        incremental = device.size();
        log.info("an earlier attempt has made the snapshot " + VolumeUpload.id(saved));
        details.put("reused", "true");
        tell(reportOf(saved));
      } else {
        BlockResult result = upload(repository, device, source);
        tell(result);
        saved = result.manifest();
        incremental =
            Math.min(device.size(), result.counts().changedBlocks() * BlockMap.BLOCK_BYTES);
      }
    } catch (InterruptedIOException e) {
      if (!run.cancel().isCancelled()) {
        throw e;
      }
      return TaskReport.canceled("the backup was canceled; the next one goes on from where it was");
    }
    return checked(saved, incremental, sinceSeconds);
  }

  private static BlockDevice open(Path volume) throws MoverFailure {
    try {
      return BlockDevice.open(volume, Access.READ);
    } catch (IOException e) {
      throw Reasons.ofVolume(e);
    }
  }

  /// The snapshot that an earlier attempt of this very backup has made, but could not tell of.
  private Optional<SnapshotManifest> alreadyMade(Repository repository, SourceInfo source)
      throws RepositoryException, MoverFailure {
    String operation = run.options().tags().get(OPERATION_ID);
    if (operation == null) {
      return Optional.empty();
    }
    String state = run.options().text(TaskOption.CHANGE_ID);
    return new SnapshotCatalog(repository.manifests())
        .of(source, Map.of()).snapshots().reversed().stream()
            .filter(SnapshotManifest::isComplete)
            .filter(one -> operation.equals(one.tags().get(OPERATION_ID)))
            .filter(one -> state.equals(one.tags().getOrDefault(BlockTags.CHANGE_ID, "")))
            .findFirst();
  }

  private BlockResult upload(Repository repository, BlockDevice device, SourceInfo source)
      throws IOException, MoverFailure {
    long asked = run.options().number(TaskOption.PARALLEL, 0);
    BlockOptions plain = BlockOptions.DEFAULTS;
    BlockOptions options =
        new BlockOptions(
            plain.compression(),
            asked > 0 ? (int) Math.min(asked, MOST_READERS) : plain.readers(),
            run.options().percent(TaskOption.VERIFY_DELTA, 0),
            run.surroundings().timing().checkpoint());
    DamageList damage = DamageList.load(repository.manifests());
    var before = repository.usage();
    try (Tracking tracking = Tracking.of(run);
        RepositoryWriter writer =
            repository.openWriter(WriteOptions.forPurpose("data mover").healing(damage))) {
      BlockResult result =
          new BlockBackup(writer, options, new Listener(), run.surroundings().random())
              .run(BlockSource.of(device), request(source, tracking.tracker()), run.cancel());
      put("healedContents", damage.healedContents());
      details.put("uploadedBytes", Long.toString(repository.usage().since(before).writtenBytes()));
      log.info("saved the snapshot " + VolumeUpload.id(result.manifest()));
      return result;
    } catch (RepositoryException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw Reasons.ofVolume(e);
    }
  }

  private BlockRequest request(SourceInfo source, Optional<ChangeTracker> tracker)
      throws MoverFailure {
    return new BlockRequest(
        source,
        BlockLayout.DESCRIPTION,
        run.options().text(TaskOption.VOLUME_ID),
        run.options().text(TaskOption.CHANGE_ID),
        parent(),
        tracker,
        run.options().tags(),
        List.of(BlockLayout.PIN));
  }

  private ParentChoice parent() {
    String wanted = run.options().text(TaskOption.PARENT);
    return switch (wanted) {
      case "", "auto" -> new ParentChoice.Newest();
      case "none" -> new ParentChoice.None();
      default -> {
        if (ManifestId.isValid(wanted)) {
          yield new ParentChoice.Snapshot(new ManifestId(wanted));
        }
        details.put("parentFallback", "there is no snapshot " + wanted);
        yield new ParentChoice.None();
      }
    };
  }

  private TaskReport checked(SnapshotManifest saved, long incremental, long sinceSeconds)
      throws IOException, MoverFailure {
    long bytes = BlockTags.of(saved).map(BlockTags::deviceBytes).orElse(saved.stats().totalSize());
    try (Repository repository = access.openPastCache()) {
      SnapshotCheck check = new SnapshotCheck(run, repository);
      SnapshotCheck.Found found = check.find(saved);
      run.progress().complete(bytes);
      check.sample(saved, sinceSeconds, details);
      return TaskReport.completed(VolumeUpload.id(found.snapshot()), bytes, incremental, details);
    }
  }

  private void tell(BlockResult result) {
    tell(result.report());
    details.put("kind", result.parent().isPresent() ? "incremental" : "full");
    result.parent().ifPresent(parent -> details.put("parent", parent.toString()));
    BlockResult.Counts counts = result.counts();
    details.put("readBytes", Long.toString(counts.readBytes()));
    put("zeroBlocks", counts.zeroBlocks());
    put("changedBlocks", counts.changedBlocks());
    put("sampledBlocks", counts.sampledBlocks());
    put("repairedBlocks", counts.repairedBlocks());
    put("resumedBlocks", counts.resumedBlocks());
  }

  private void tell(ChangeReport report) {
    details.put(TaskReport.CHANGE_MODE, report.mode().text());
    if (!report.reason().isEmpty()) {
      details.put(TaskReport.CHANGE_REASON, report.reason());
    }
    if (!report.code().isEmpty()) {
      details.put(TaskReport.CHANGE_CODE, report.code());
    }
  }

  private static ChangeReport reportOf(SnapshotManifest snapshot) {
    Map<String, String> tags = snapshot.tags();
    return new ChangeReport(
        ChangeMode.of(tags.getOrDefault(BlockBackup.MODE_TAG, "")).orElse(ChangeMode.FULL),
        tags.getOrDefault(BlockBackup.REASON_TAG, ""),
        tags.getOrDefault(BlockBackup.CODE_TAG, ""));
  }

  private void put(String key, long count) {
    if (count > 0) {
      details.put(key, Long.toString(count));
    }
  }

  private final class Listener implements BlockProgress {
    @Override
    public void planned(ChangeReport report, long readBytes) {
      log.info("reading " + readBytes + " bytes, by the mode " + report);
      run.progress().done(0);
      run.progress().total(readBytes);
    }

    @Override
    public void read(long bytes) {
      run.progress().add(bytes);
    }

    @Override
    public void checkpointed() {
      log.info("a checkpoint is saved");
    }
  }
}
