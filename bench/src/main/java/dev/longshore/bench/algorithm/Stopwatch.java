package dev.longshore.bench.algorithm;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Times an operation on one or more threads.
final class Stopwatch {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// An operation, with the buffers of one thread.
  @FunctionalInterface
  interface Operation {
    void run() throws Exception;
  }

  private record Lap(long startNanos, long endNanos, long cpuNanos, long allocatedBytes) {}

  private Stopwatch() {}

  /// Runs the operation on each thread: first for the time of warming up, then as often as the
  /// effort says, timed.
  ///
  /// @param operations makes one for each thread
  /// @param bytes how many bytes one run of the operation counts as
  /// @throws IllegalStateException if an operation fails
  static Timing time(Effort effort, Supplier<Operation> operations, long bytes)
      throws InterruptedException {
    List<Operation> own = new ArrayList<>();
    for (int i = 0; i < effort.threads(); i++) {
      own.add(operations.get());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(effort.threads())) {
      all(threads, own, operation -> warmUp(operation, effort));
      List<Lap> laps = all(threads, own, operation -> lap(operation, effort));
      return sum(laps, bytes * effort.repeats());
    }
  }

  /// What one thread's measured part allocates and takes is read before and after it.
  private static Lap lap(Operation operation, Effort effort) throws Exception {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    for (int i = 0; i < effort.repeats(); i++) {
      operation.run();
    }
    long end = System.nanoTime();
    return new Lap(
        start,
        end,
        THREADS.getCurrentThreadCpuTime() - cpu,
        THREADS.getCurrentThreadAllocatedBytes() - allocated);
  }

  private static Lap warmUp(Operation operation, Effort effort) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < effort.warmUp().toNanos()) {
      operation.run();
    }
    return new Lap(start, start, 0, 0);
  }

  @FunctionalInterface
  private interface Part {
    Lap run(Operation operation) throws Exception;
  }

  private static List<Lap> all(ExecutorService threads, List<Operation> operations, Part part)
      throws InterruptedException {
    List<Callable<Lap>> calls = new ArrayList<>();
    for (Operation operation : operations) {
      calls.add(() -> part.run(operation));
    }
    List<Lap> laps = new ArrayList<>();
    for (Future<Lap> call : threads.invokeAll(calls)) {
      try {
        laps.add(call.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("the operation failed: " + e.getCause(), e);
      }
    }
    return laps;
  }

  private static Timing sum(List<Lap> laps, long bytesPerThread) {
    // Differences to one start: the clock's own zero is anywhere.
    long origin = laps.getFirst().startNanos();
    long first = 0;
    long last = 0;
    long cpu = 0;
    long allocated = 0;
    for (Lap lap : laps) {
      first = Math.min(first, lap.startNanos() - origin);
      last = Math.max(last, lap.endNanos() - origin);
      cpu += lap.cpuNanos();
      allocated += lap.allocatedBytes();
    }
    return new Timing(bytesPerThread * laps.size(), (last - first) / 1e9, cpu / 1e9, allocated);
  }
}
