package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.block.restore.BlockRestore;
import dev.longshore.engine.block.restore.BlockRestoreListener;
import dev.longshore.engine.block.restore.BlockRestoreOptions;
import dev.longshore.engine.block.restore.BlockRestoreResult;
import dev.longshore.engine.block.restore.BlockRestoreStats;
import dev.longshore.engine.block.restore.BlockTarget;
import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.block.restore.UnreadableRange;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.util.function.Supplier;

/// A volume's way to a device or an image file, and what is said about it.
final class VolumeRestore {
  private final Cli cli;
  private final boolean json;
  private final ProgressLine progress;
  private final CancelToken cancel;
  private final long startNanos = System.nanoTime();

  VolumeRestore(Cli cli, boolean json, ProgressLine progress, CancelToken cancel) {
    this.cli = cli;
    this.json = json;
    this.progress = progress;
    this.cancel = cancel;
  }

  ExitCode run(
      Repository repository, BlockVolume volume, BlockTarget target, BlockRestoreOptions options)
      throws IOException {
    cli.notice(
        "Restoring a volume of %s to %s with parallelism=%d..."
            .formatted(cli.sizes().bytes(volume.sizeBytes()), target.path(), options.parallel()));
    BlockRestoreResult result =
        new BlockRestore(repository).restore(volume, target, options, new Listener());
    BlockRestoreStats stats = result.stats();
    progress.message(
        "Restored %s: %s written, %s zeros, %s left as they were."
            .formatted(
                cli.sizes().bytes(stats.doneBytes()),
                cli.sizes().bytes(stats.writtenBytes()),
                cli.sizes().bytes(stats.zeroBytes()),
                cli.sizes().bytes(stats.unchangedBytes())));
    if (json) {
      cli.out().writeBytes(json(volume, target, result));
      cli.out().println();
    }
    if (result.unreadableCount() > 0) {
      cli.notice(
          "repo: "
              + result.unreadableCount()
              + " parts of the volume could not be read; the target keeps there what it held");
      return ExitCode.INCOMPLETE;
    }
    return result.complete() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static byte[] json(BlockVolume volume, BlockTarget target, BlockRestoreResult result) {
    BlockRestoreStats stats = result.stats();
    GoJsonWriter row = new GoJsonWriter();
    row.beginObject()
        .field("object", volume.objectId().toString())
        .field("target", target.path().toString())
        .field("size", stats.sizeBytes())
        .field("written", stats.writtenBytes())
        .field("zeros", stats.zeroBytes())
        .field("unchanged", stats.unchangedBytes())
        .field("complete", result.complete())
        .field("unreadableCount", result.unreadableCount())
        .name("unreadable")
        .beginArray();
    for (UnreadableRange range : result.unreadable()) {
      row.beginObject()
          .field("offset", range.offset())
          .field("length", range.length())
          .field("reason", range.reason())
          .endObject();
    }
    row.endArray().endObject();
    return row.toByteArray();
  }

  private final class Listener implements BlockRestoreListener {
    @Override
    public void progress(Supplier<BlockRestoreStats> counts) {
      progress.update(() -> {
        BlockRestoreStats stats = counts.get();
        double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
        return "Processed %s of %s, written %s, %s"
            .formatted(
                cli.sizes().bytes(stats.doneBytes()),
                cli.sizes().bytes(stats.sizeBytes()),
                cli.sizes().bytes(stats.writtenBytes()),
                cli.sizes().rate(stats.doneBytes() / seconds));
      });
    }

    @Override
    public void unreadable(UnreadableRange range) {
      progress.message(
          "! %d bytes at %d: %s".formatted(range.length(), range.offset(), range.reason()));
    }

    @Override
    public boolean cancelled() {
      return cancel.isCancelled();
    }
  }
}
