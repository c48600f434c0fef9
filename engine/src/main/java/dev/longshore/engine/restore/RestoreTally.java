package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Counts and issues of one restore, gathered from all its threads; also where they learn that it
/// is over.
final class RestoreTally {
  private static final int EDQUOT = 122;
  private static final int EROFS = 30;

  final LongAdder files = new LongAdder();
  final LongAdder directories = new LongAdder();
  final LongAdder symlinks = new LongAdder();
  final LongAdder enqueuedFiles = new LongAdder();
  final LongAdder enqueuedDirectories = new LongAdder();
  final LongAdder enqueuedSymlinks = new LongAdder();
  final LongAdder deletedFiles = new LongAdder();
  final LongAdder deletedDirectories = new LongAdder();
  final LongAdder deletedSymlinks = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder enqueuedBytes = new LongAdder();
  final LongAdder skippedBytes = new LongAdder();
  final LongAdder skipped = new LongAdder();

  private final RestoreListener listener;
  private final boolean ignoreErrors;
  private final List<RestoreIssue> issues = new ArrayList<>();
  private final Map<RestoreIssue.Kind, Long> counts = new EnumMap<>(RestoreIssue.Kind.class);
  private volatile boolean stopped;

  RestoreTally(RestoreListener listener, boolean ignoreErrors) {
    this.listener = listener;
    this.ignoreErrors = ignoreErrors;
  }

  /// Notes an entry that is missing or incomplete. A target that can take no more ends the restore:
  /// every further entry would only fail the same way.
  void failed(String path, Exception fault) {
    String message = fault.getMessage();
    issue(path, RestoreIssue.Kind.FAILED, message == null ? fault.toString() : message);
    if (fault instanceof OsException os
        && (os.errno() == Errno.ENOSPC || os.errno() == EDQUOT || os.errno() == EROFS)) {
      stopped = true;
    }
  }

  /// Notes something that is not as it was.
  void issue(String path, RestoreIssue.Kind kind, String message) {
    RestoreIssue issue = new RestoreIssue(RawText.display(path), kind, RawText.display(message));
    synchronized (issues) {
      counts.merge(kind, 1L, Long::sum);
      if (issues.size() < RestoreResult.MAX_ISSUES) {
        issues.add(issue);
      }
    }
    listener.issue(issue);
  }

  /// Notes metadata that could not be set, as the policy has it.
  void metadataFailed(
      Supplier<String> path, RestoreIssue.Kind kind, String message, AttributeOptions options) {
    switch (options.failures()) {
      case FAIL -> issue(path.get(), RestoreIssue.Kind.FAILED, message);
      case WARN -> issue(path.get(), kind, message);
      case IGNORE -> {
        synchronized (issues) {
          counts.merge(kind, 1L, Long::sum);
        }
      }
    }
  }

  /// Ends the restore early.
  void stop() {
    stopped = true;
  }

  /// Tells whether the restore is to end; asks the listener.
  boolean stopped() {
    if (!stopped && listener.cancelled()) {
      stopped = true;
    }
    return stopped;
  }

  /// Tells the listener how far things are.
  void progress() {
    listener.progress(this::stats);
  }

  private RestoreStats stats() {
    long failures;
    synchronized (issues) {
      failures = counts.getOrDefault(RestoreIssue.Kind.FAILED, 0L);
    }
    return new RestoreStats(
        new RestoreStats.Kinds(files.sum(), directories.sum(), symlinks.sum()),
        new RestoreStats.Kinds(
            enqueuedFiles.sum(), enqueuedDirectories.sum(), enqueuedSymlinks.sum()),
        new RestoreStats.Kinds(deletedFiles.sum(), deletedDirectories.sum(), deletedSymlinks.sum()),
        bytes.sum(),
        enqueuedBytes.sum(),
        skippedBytes.sum(),
        skipped.sum(),
        ignoreErrors ? failures : 0);
  }

  /// The result, when all threads are done.
  RestoreResult result() {
    RestoreStats stats = stats();
    listener.progress(() -> stats);
    synchronized (issues) {
      return new RestoreResult(stats, List.copyOf(issues), Map.copyOf(counts), !stopped);
    }
  }
}
