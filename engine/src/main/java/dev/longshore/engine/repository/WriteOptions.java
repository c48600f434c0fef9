package dev.longshore.engine.repository;

import dev.longshore.engine.concurrent.MemoryBudget;

/// How a write session runs.
///
/// @param purpose for logs: `snapshot create`
/// @param workers threads for hashing, compressing and sealing
/// @param budgetBytes plain and sealed bytes in flight, at most
public record WriteOptions(String purpose, int workers, long budgetBytes) {
  /// As many workers as the machine has processors, and the share of memory that is for transfers.
  public static WriteOptions forPurpose(String purpose) {
    int cpus = Math.max(1, Runtime.getRuntime().availableProcessors());
    return new WriteOptions(purpose, cpus, MemoryBudget.ofProcess().transferBytes());
  }
}
