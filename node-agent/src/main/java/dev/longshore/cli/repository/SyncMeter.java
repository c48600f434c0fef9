package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.cli.output.Sizes;
import dev.longshore.engine.sync.SyncListener;
import dev.longshore.engine.sync.SyncPlan;
import dev.longshore.engine.sync.SyncResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Says on standard error, in Kopia's words, how far a copy is.
final class SyncMeter implements SyncListener, AutoCloseable {
  private final ProgressLine line;
  private final Sizes sizes;
  private final Clock clock;
  private final boolean dryRun;
  private volatile Instant begun;

  SyncMeter(Cli cli, boolean dryRun) {
    this.line = cli.progressLine();
    this.sizes = cli.sizes();
    this.clock = cli.terminal().clock();
    this.dryRun = dryRun;
    this.begun = clock.instant();
  }

  void begin(String source, String destination, boolean delete) {
    line.message("Synchronizing repositories:");
    line.message("  Source:      " + source);
    line.message("  Destination: " + destination);
    if (!delete) {
      line.message("NOTE: By default no BLOBs are deleted, pass --delete to allow it.");
    }
    line.message("Looking for BLOBs to synchronize...");
  }

  @Override
  public void listing(boolean source, long blobs, long bytes) {
    line.update(() ->
        "  Found %d BLOBs (%s) in the %s repository"
            .formatted(blobs, sizes.bytes(bytes), source ? "source" : "destination"));
  }

  @Override
  public void planned(SyncPlan plan) {
    line.message(
        "  Found %d BLOBs (%s) in the source repository, %d (%s) to copy"
            .formatted(
                plan.sourceBlobs(),
                sizes.bytes(plan.sourceBytes()),
                plan.copyBlobs(),
                sizes.bytes(plan.copyBytes())));
    line.message(
        "  Found %d BLOBs to delete (%s), %d in sync (%s)"
            .formatted(
                plan.deleteBlobs(),
                sizes.bytes(plan.deleteBytes()),
                plan.inSyncBlobs(),
                sizes.bytes(plan.inSyncBytes())));
    if (!dryRun) {
      line.message("Copying...");
      begun = clock.instant();
    }
  }

  @Override
  public void copied(long blobs, long bytes, long totalBytes) {
    line.update(() -> {
      double seconds = Math.max(1e-3, Duration.between(begun, clock.instant()).toMillis() / 1e3);
      double rate = bytes / seconds;
      String left =
          rate == 0
              ? "unknown"
              : GoDurations.format(Duration.ofSeconds((long) ((totalBytes - bytes) / rate)));
      return "  Copied %d blobs (%s), Speed: %s, ETA: %s"
          .formatted(blobs, sizes.bytes(bytes), sizes.rate(rate), left);
    });
  }

  @Override
  public void warning(String text) {
    line.message("warning: " + text);
  }

  void finish(SyncResult result) {
    if (dryRun) {
      line.message("Nothing was changed.");
      return;
    }
    line.message(
        "  Copied %d blobs (%s)"
            .formatted(result.copiedBlobs(), sizes.bytes(result.copiedBytes())));
    if (result.replacedBlobs() > 0) {
      line.message(
          "  Replaced %d blobs that differed in the destination".formatted(result.replacedBlobs()));
    }
    if (result.deletedBlobs() > 0) {
      line.message("  Deleted %d blobs".formatted(result.deletedBlobs()));
    }
  }

  @Override
  public void close() {
    line.close();
  }
}
