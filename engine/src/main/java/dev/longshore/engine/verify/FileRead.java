package dev.longshore.engine.verify;

import java.util.concurrent.atomic.AtomicLong;

/// A file whose chunks are being read.
final class FileRead {
  final String path;

  /// The plan, and every chunk not yet read.
  private final AtomicLong pending = new AtomicLong(1);

  private long length;
  private boolean failed;

  FileRead(String path) {
    this.path = path;
  }

  /// Plans a chunk; told where it ends.
  void chunkBegins(long end) {
    pending.incrementAndGet();
    length = end;
  }

  /// Ends the plan or a chunk; tells whether it was the last.
  boolean ends() {
    return pending.decrementAndGet() == 0;
  }

  /// Length in bytes, once all is planned.
  long length() {
    return length;
  }

  /// Marks the file as bad; true the first time.
  synchronized boolean fail() {
    boolean first = !failed;
    failed = true;
    return first;
  }

  synchronized boolean isGood() {
    return !failed;
  }
}
