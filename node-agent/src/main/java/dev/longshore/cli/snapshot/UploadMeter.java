package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.cli.output.Sizes;
import dev.longshore.engine.snapshot.UploadProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counts an upload and shows it: files, bytes, rate and, once the source has been counted, time
/// left.
final class UploadMeter implements UploadProgress, AutoCloseable {
  private static final int MAX_ERRORS_SHOWN = 100;

  private final Cli cli;
  private final ProgressLine line;
  private final Sizes sizes;
  private final Instant start;
  private final LongAdder hashedFiles = new LongAdder();
  private final LongAdder hashedBytes = new LongAdder();
  private final LongAdder cachedFiles = new LongAdder();
  private final LongAdder cachedBytes = new LongAdder();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong totalBytes = new AtomicLong();
  private final AtomicLong totalFiles = new AtomicLong();

  UploadMeter(Cli cli) {
    this.cli = cli;
    line = cli.progressLine();
    sizes = cli.sizes();
    start = cli.terminal().clock().instant();
  }

  @Override
  public void estimated(long files, long bytes) {
    totalFiles.set(files);
    totalBytes.set(bytes);
  }

  @Override
  public void hashedBytes(long bytes) {
    hashedBytes.add(bytes);
    line.update(this::text);
  }

  @Override
  public void hashed(String path, long bytes) {
    hashedFiles.increment();
    line.update(this::text);
  }

  @Override
  public void cached(String path, long bytes) {
    cachedFiles.increment();
    cachedBytes.add(bytes);
    line.update(this::text);
  }

  @Override
  public void error(String path, String message, boolean isIgnored) {
    long count = errors.incrementAndGet();
    if (count <= MAX_ERRORS_SHOWN) {
      String kind = isIgnored ? "Ignored error" : "Error";
      line.message("! %s when processing \"%s\": %s".formatted(kind, path, message));
    } else if (count == MAX_ERRORS_SHOWN + 1) {
      line.message("! Further errors are not shown; `repo ls` on the snapshot lists all.");
    }
  }

  @Override
  public void checkpointed() {
    line.message("Saved a checkpoint.");
  }

  private String text() {
    double seconds = seconds();
    long done = hashedBytes.sum() + cachedBytes.sum();
    var text = new StringBuilder();
    text.append(" * ")
        .append(hashedFiles.sum())
        .append(" hashed (")
        .append(sizes.bytes(hashedBytes.sum()))
        .append("), ")
        .append(cachedFiles.sum())
        .append(" cached (")
        .append(sizes.bytes(cachedBytes.sum()))
        .append("), ")
        .append(sizes.rate(hashedBytes.sum() / seconds));
    long total = totalBytes.get();
    if (total > 0) {
      double part = Math.min(1.0, (double) done / total);
      text.append(
          String.format(Locale.ROOT, ", %s estimated (%.1f%%)", sizes.bytes(total), 100 * part));
      if (part > 0.001 && part < 1) {
        long left = Math.round(seconds / part * (1 - part));
        text.append(", ").append(GoDurations.format(Duration.ofSeconds(left))).append(" left");
      }
    }
    return text.toString();
  }

  private double seconds() {
    long nanos = Duration.between(start, cli.terminal().clock().instant()).toNanos();
    return Math.max(1e-3, nanos / 1e9);
  }

  /// Ends the line with the totals.
  void finish() {
    line.message(
        "Hashed %d files (%s), %d unchanged (%s), in %s: %s."
            .formatted(
                hashedFiles.sum(),
                sizes.bytes(hashedBytes.sum()),
                cachedFiles.sum(),
                sizes.bytes(cachedBytes.sum()),
                GoDurations.format(Duration.ofMillis(Math.round(seconds() * 1000))),
                sizes.rate(hashedBytes.sum() / seconds())));
  }

  @Override
  public void close() {
    line.close();
  }
}
