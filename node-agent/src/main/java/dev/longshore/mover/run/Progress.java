package dev.longshore.mover.run;

import java.util.concurrent.atomic.AtomicLong;

/// How much there is to move, and how much of it is done, in bytes. Thread-safe.
public final class Progress {
  private final AtomicLong total = new AtomicLong();
  private final AtomicLong done = new AtomicLong();

  /// Sets the total, as far as it is known.
  public void total(long bytes) {
    total.set(bytes);
  }

  /// Adds to what is done.
  public void add(long bytes) {
    done.addAndGet(bytes);
  }

  /// Sets what is done.
  public void done(long bytes) {
    done.set(bytes);
  }

  /// All is done.
  public void complete(long bytes) {
    total.set(bytes);
    done.set(bytes);
  }

  public long done() {
    return done.get();
  }

  /// Never less than what is done, unless nothing is known of it.
  public long total() {
    long known = total.get();
    return known == 0 ? 0 : Math.max(known, done.get());
  }
}
