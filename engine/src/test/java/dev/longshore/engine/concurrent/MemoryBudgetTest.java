package dev.longshore.engine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
  @Test
  void sharesLeaveAnEighthOfEveryHeap() {
    for (long heap = 16L << 20; heap < 1L << 44; heap += heap / 3) {
      MemoryBudget budget = new MemoryBudget(heap, 2);
      long shares =
          budget.transferBytes() + budget.packCacheBytes() + budget.planBytes() + budget.idBytes();
      assertTrue(shares <= heap - heap / 8, heap + " bytes, shares of " + shares);
      assertTrue(budget.packCacheBytes() >= 2 << 20);
      assertTrue(320L * budget.pendingEntries() <= heap / 8, "pending entries for " + heap);
    }
  }

  @Test
  void sharesDoNotGrowWithAHugeHeap() {
    MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE, 4);
    assertEquals(72L << 20, budget.transferBytes());
    assertEquals(64L << 20, budget.packCacheBytes());
    assertEquals(64L << 20, budget.planBytes());
    assertEquals(1L << 30, budget.idBytes());
    assertEquals(250_000, budget.pendingEntries());
  }

  @Test
  void theProcessHasTheHeapItWasGiven() {
    assertEquals(Runtime.getRuntime().maxMemory(), MemoryBudget.ofProcess().heapBytes());
  }
}
