package dev.longshore.mover.backup;

import dev.longshore.engine.snapshot.UploadProgress;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.Progress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Follows an upload: what it has done, and the first thing that went wrong.
final class UploadListener implements UploadProgress {
  private static final int MAX_TOLD = 20;

  private final Progress progress;
  private final MoverLog log;
  private final LongAdder errors = new LongAdder();
  private final LongAdder ignored = new LongAdder();
  private final LongAdder cachedBytes = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final AtomicReference<String> firstError = new AtomicReference<>("");

  UploadListener(Progress progress, MoverLog log) {
    this.progress = progress;
    this.log = log.of(UploadListener.class);
  }

  @Override
  public void estimated(long files, long bytes) {
    progress.total(bytes);
  }

  @Override
  public void hashedBytes(long bytes) {
    readBytes.add(bytes);
    progress.add(bytes);
  }

  @Override
  public void cached(String path, long bytes) {
    cachedBytes.add(bytes);
    progress.add(bytes);
  }

  @Override
  public void error(String path, String message, boolean isIgnored) {
    LongAdder count = isIgnored ? ignored : errors;
    count.increment();
    String text = path + ": " + message;
    if (!isIgnored) {
      firstError.compareAndSet("", text);
    }
    if (count.sum() <= MAX_TOLD) {
      if (isIgnored) {
        log.warning("passed over " + text);
      } else {
        log.error("cannot be backed up: " + text);
      }
    }
  }

  @Override
  public void checkpointed() {
    log.info("saved a checkpoint");
  }

  /// Words of the first error; empty if there was none.
  String firstError() {
    return firstError.get();
  }

  long ignored() {
    return ignored.sum();
  }

  /// Bytes of files that were taken over from before.
  long cachedBytes() {
    return cachedBytes.sum();
  }

  /// Bytes of the volume that were read.
  long readBytes() {
    return readBytes.sum();
  }
}
