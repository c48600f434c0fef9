package dev.longshore.bench.algorithm;

/// What a number of bytes took.
///
/// @param bytes by all threads
/// @param wallSeconds from the first start to the last end
/// @param cpuSeconds of the threads that worked, summed; other load on the machine changes it
///   little
/// @param allocatedBytes on the heap, by the threads that worked
public record Timing(long bytes, double wallSeconds, double cpuSeconds, long allocatedBytes) {
  static final Timing NOTHING = new Timing(0, 0, 0, 0);

  /// Bytes per second on the clock.
  public double bytesPerSecond() {
    return bytes / Math.max(wallSeconds, 1e-9);
  }

  /// Bytes per second that one core would do without interruption.
  public double bytesPerCpuSecond() {
    return bytes / Math.max(cpuSeconds, 1e-9);
  }

  Timing plus(Timing other) {
    return new Timing(
        bytes + other.bytes,
        wallSeconds + other.wallSeconds,
        cpuSeconds + other.cpuSeconds,
        allocatedBytes + other.allocatedBytes);
  }
}
