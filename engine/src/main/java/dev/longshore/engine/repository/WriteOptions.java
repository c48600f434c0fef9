package dev.longshore.engine.repository;

/// How a write session runs.
///
/// @param purpose for logs: `snapshot create`
/// @param workers threads for hashing, compressing and sealing
/// @param budgetBytes plain and sealed bytes in flight, at most
public record WriteOptions(String purpose, int workers, long budgetBytes) {
  /// As many workers as the machine has processors, and 8 chunks of 8 MiB for each.
  public static WriteOptions forPurpose(String purpose) {
    int cpus = Math.max(1, Runtime.getRuntime().availableProcessors());
    return new WriteOptions(purpose, cpus, Math.max(64L << 20, cpus * (64L << 20)));
  }
}
