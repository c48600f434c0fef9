package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.block.BlockBackup;
import dev.longshore.engine.block.BlockOptions;
import dev.longshore.engine.block.BlockProgress;
import dev.longshore.engine.block.BlockRequest;
import dev.longshore.engine.block.BlockResult;
import dev.longshore.engine.block.BlockSource;
import dev.longshore.engine.block.ChangeReport;
import dev.longshore.engine.block.device.Access;
import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// Backs up one device, or image, in blocks, and says what was done.
final class BlockSnapshot {
  private final Cli cli;
  private final RepositoryWriter writer;
  private final BlockOptions options;

  BlockSnapshot(Cli cli, RepositoryWriter writer, BlockOptions options) {
    this.cli = cli;
    this.writer = writer;
    this.options = options;
  }

  /// @param path of the device
  SnapshotManifest create(Path path, BlockRequest request, CancelToken cancel) throws IOException {
    try (BlockDevice device = BlockDevice.open(path, Access.READ);
        ProgressLine line = cli.progressLine()) {
      var backup = new BlockBackup(writer, options, new Meter(line), cli.terminal().random());
      BlockResult result = backup.run(BlockSource.of(device), request, cancel);
      new SnapshotEditor(writer.manifests()).expire(request.source(), cli.times().zone(), true);
      writer.flush();
      line.message(summary(result));
      return result.manifest();
    }
  }

  private String summary(BlockResult result) {
    BlockResult.Counts counts = result.counts();
    StringBuilder text = new StringBuilder("Blocks: ").append(result.report());
    text.append(
        ". Read %d (%s) of a device of %s: %d changed, %d are zeros."
            .formatted(
                counts.readBlocks() + counts.repairedBlocks(),
                cli.sizes().bytes(counts.readBytes()),
                cli.sizes().bytes(counts.deviceBytes()),
                counts.changedBlocks(),
                counts.zeroBlocks()));
    append(text, counts.sampledBlocks(), " %d that were left out were compared.");
    append(text, counts.repairedBlocks(), " %d were no longer in the repository.");
    append(text, counts.resumedBlocks(), " %d come from an interrupted backup.");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String words) {
    if (count > 0) {
      text.append(words.formatted(count));
    }
  }

  /// Shows how far it is.
  private final class Meter implements BlockProgress {
    private final ProgressLine line;
    private long startNanos = System.nanoTime();
    private long total;
    private long done;

    Meter(ProgressLine line) {
      this.line = line;
    }

    @Override
    public void planned(ChangeReport report, long readBytes) {
      if (total > 0) {
        line.message("! " + report);
      }
      total = readBytes;
      done = 0;
      startNanos = System.nanoTime();
    }

    @Override
    public void read(long bytes) {
      done += bytes;
      line.update(this::text);
    }

    @Override
    public void checkpointed() {
      line.message("Saved a checkpoint.");
    }

    private String text() {
      double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
      double part = total == 0 ? 1 : Math.min(1.0, (double) done / total);
      String left =
          part > 0.001 && part < 1
              ? ", %s left"
                  .formatted(
                      GoDurations.format(
                          Duration.ofSeconds(Math.round(seconds / part * (1 - part)))))
              : "";
      return String.format(
          Locale.ROOT,
          " * %s of %s (%.1f%%), %s%s",
          cli.sizes().bytes(done),
          cli.sizes().bytes(total),
          100 * part,
          cli.sizes().rate(done / seconds),
          left);
    }
  }
}
