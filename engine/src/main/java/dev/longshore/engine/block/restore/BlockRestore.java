package dev.longshore.engine.block.restore;

import dev.longshore.engine.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Restores volumes out of snapshots to devices, image files and qcow2 files. Thread-safe; several
/// restores may run side by side.
///
/// Contents are read in the order of the packs, each once for all its places; those that are zeros
/// are told by their ids, never read, and made in long ranges. Many writes are in flight. What
/// cannot be read from the repository is noted, and the rest goes on; a fault of the target ends
/// the restore. When a result is whole, all is durable.
public final class BlockRestore {
  private final VolumeContents source;

  /// Restores from a repository.
  public BlockRestore(Repository repository) {
    this(
        new VolumeContents(
            repository.objects(), repository.contents(), repository.contents()::idOf));
  }

  BlockRestore(VolumeContents source) {
    this.source = source;
  }

  /// Restores a volume; returns when it is done, cancelled, or has failed.
  ///
  /// Killed at any point, the same restore may be begun again; in place, it then writes only what
  /// is missing.
  ///
  /// @throws TargetException if the target is too small, or there already and not to be replaced;
  ///   it has not been changed then
  /// @throws dev.longshore.engine.error.RepositoryException if the volume's list of blocks cannot
  ///   be read, or is not one
  /// @throws IOException if the target cannot be opened or written
  public BlockRestoreResult restore(
      BlockVolume volume,
      BlockTarget target,
      BlockRestoreOptions options,
      BlockRestoreListener listener)
      throws IOException {
    BlockTally tally = new BlockTally(volume.sizeBytes(), listener);
    try (BlockSink sink = open(volume, target, options);
        BlockRun run = new BlockRun(source, sink, options, tally)) {
      run.run(volume);
      tally.check();
      if (!tally.stopped()) {
        sink.finish();
      }
    }
    return tally.result();
  }

  private BlockSink open(BlockVolume volume, BlockTarget target, BlockRestoreOptions options)
      throws IOException {
    return switch (target) {
      case BlockTarget.Raw raw -> new RawTarget(raw.path(), volume.sizeBytes(), options).open();
      case BlockTarget.Qcow2 qcow2 -> qcow2(volume, qcow2.path(), options);
    };
  }

  private BlockSink qcow2(BlockVolume volume, Path path, BlockRestoreOptions options)
      throws IOException {
    if (options.keepsTarget()) {
      throw new TargetException(path + ": a qcow2 file is written as a whole");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new TargetException(path + " is there already and no file");
    }
    if (volume.sizeBytes() > Qcow2Layout.MAX_BYTES) {
      throw new TargetException(
          "%s: a volume of %d bytes, of which a qcow2 file can hold %d"
              .formatted(path, volume.sizeBytes(), Qcow2Layout.MAX_BYTES));
    }
    Qcow2Layout layout = Qcow2Sink.plan(volume, source);
    DeviceSink file = new RawTarget(path, layout.fileBytes(), options).open();
    return new Qcow2Sink(file.device(), layout);
  }
}
