package dev.longshore.engine.repository;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.KnownDamage;

/// How a write session runs.
///
/// @param purpose for logs: `snapshot create`
/// @param workers threads for hashing, compressing and sealing
/// @param budgetBytes plain and sealed bytes in flight, at most
/// @param damage contents that are written anew although the index has them
public record WriteOptions(String purpose, int workers, long budgetBytes, KnownDamage damage) {
  /// Without knowledge of damage.
  public WriteOptions(String purpose, int workers, long budgetBytes) {
    this(purpose, workers, budgetBytes, KnownDamage.NONE);
  }

  /// The same, for a session that heals what is known to be damaged.
  public WriteOptions healing(KnownDamage known) {
    return new WriteOptions(purpose, workers, budgetBytes, known);
  }

  /// As many workers as the machine has processors, and the share of memory that is for transfers.
  public static WriteOptions forPurpose(String purpose) {
    int cpus = Math.max(1, Runtime.getRuntime().availableProcessors());
    return new WriteOptions(purpose, cpus, MemoryBudget.ofProcess().transferBytes());
  }
}
