package dev.longshore.engine.maintenance;

import dev.longshore.format.maintenance.TaskStats;
import java.util.concurrent.atomic.LongAdder;

/// Things and their bytes. Thread-safe.
final class Counter {
  private final LongAdder count = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  void add(long of) {
    count.increment();
    bytes.add(of);
  }

  long count() {
    return count.sum();
  }

  TaskStats.Tally tally() {
    return new TaskStats.Tally(count.sum(), bytes.sum());
  }
}
