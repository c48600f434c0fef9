package dev.longshore.engine.verify;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts and errors of one verification, gathered from all its threads.
final class VerifyTally {
  final LongAdder objects = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder readFiles = new LongAdder();
  final LongAdder readBytes = new LongAdder();
  final LongAdder expectedObjects = new LongAdder();
  final LongAdder expectedFiles = new LongAdder();
  final LongAdder expectedBytes = new LongAdder();

  private final VerifyListener listener;
  private final int errorLimit;
  private final List<VerifyResult.Fault> errors = new ArrayList<>();
  private long errorCount;
  private volatile boolean stopped;

  VerifyTally(VerifyListener listener, int errorLimit) {
    this.listener = listener;
    this.errorLimit = errorLimit;
  }

  void error(String path, Exception fault) {
    String message = fault.getMessage();
    VerifyResult.Fault error =
        new VerifyResult.Fault(RawText.display(path), message == null ? fault.toString() : message);
    synchronized (errors) {
      errorCount++;
      if (errors.size() < VerifyResult.MAX_ERRORS) {
        errors.add(error);
      }
      if (errorCount >= errorLimit) {
        stopped = true;
      }
    }
    listener.error(error);
  }

  /// Notes a content that is damaged or missing; that a store fails says neither.
  void damaged(ContentId id, RepositoryException fault) {
    if (fault instanceof DamagedException || fault instanceof NotFoundException) {
      listener.damaged(id, fault);
    }
  }

  void mended(ContentId id) {
    listener.mended(id);
  }

  /// Ends the verification early.
  void stop() {
    stopped = true;
  }

  /// Tells whether the verification is to end; asks the listener.
  boolean stopped() {
    if (!stopped && listener.cancelled()) {
      stopped = true;
    }
    return stopped;
  }

  void progress() {
    listener.progress(this::stats);
  }

  private VerifyStats stats() {
    return new VerifyStats(
        objects.sum(),
        bytes.sum(),
        readFiles.sum(),
        readBytes.sum(),
        expectedObjects.sum(),
        expectedFiles.sum(),
        expectedBytes.sum());
  }

  /// The result, when all threads are done.
  VerifyResult result() {
    synchronized (errors) {
      return new VerifyResult(stats(), List.copyOf(errors), errorCount, !stopped);
    }
  }
}
