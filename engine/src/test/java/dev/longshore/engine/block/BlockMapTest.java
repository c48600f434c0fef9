package dev.longshore.engine.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlockMapTest {
  private static final int MIB = 1 << 20;

  @Test
  void rangesAreRoundedOutwards() {
    BlockMap map = BlockMap.none(10L * MIB + 512);
    assertEquals(11, map.blockCount());
    map.mark(MIB - 1, 2);
    map.mark(3L * MIB, MIB);
    map.mark(10L * MIB, 512);
    map.mark(6L * MIB, 0);
    assertTrue(map.isMarked(0));
    assertTrue(map.isMarked(1));
    assertFalse(map.isMarked(2));
    assertEquals(3, map.nextMarked(2));
    assertEquals(10, map.nextMarked(4));
    assertEquals(-1, map.nextMarked(11));
    assertEquals(4, map.nextUnmarked(3));
    assertEquals(11, map.nextUnmarked(10));
    assertEquals(4, map.count());
    assertEquals(3L * MIB + 512, map.markedBytes());
  }

  @Test
  void rangesBeyondTheDeviceAreRejected() {
    BlockMap map = BlockMap.none(MIB + 512);
    assertThrows(IllegalArgumentException.class, () -> map.mark(MIB, 513));
    assertThrows(IllegalArgumentException.class, () -> map.mark(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> map.mark(1, -1));
    assertThrows(IllegalArgumentException.class, () -> map.mark(Long.MAX_VALUE, 2));
    assertFalse(map.contains(2, Long.MAX_VALUE));
    assertTrue(map.contains(MIB + 512, 0));
    assertEquals(0, map.count());
  }

  @Test
  void allAndNoneAtEveryBorder() {
    for (long bytes : new long[] {0, 512, MIB - 512, MIB, MIB + 512, 100L << 30}) {
      assertEquals(bytes, BlockMap.all(bytes).markedBytes());
      assertEquals(0, BlockMap.none(bytes).markedBytes());
    }
    assertThrows(
        IllegalArgumentException.class, () -> BlockMap.none(BlockMap.MAX_DEVICE_BYTES + 1));
    assertThrows(IllegalArgumentException.class, () -> BlockMap.none(-1));
  }

  @Test
  void reasonsOfTheLadderAddUp() {
    ChangeReport report =
        new ChangeReport(ChangeMode.ALLOCATED, "no list of changes", "UNAVAILABLE")
            .fallTo(ChangeMode.FULL, "no list of allocated blocks");
    assertEquals(
        "full: no list of changes; no list of allocated blocks (UNAVAILABLE)", report.toString());
    assertEquals("delta", ChangeReport.of(ChangeMode.DELTA).toString());
    for (ChangeMode mode : ChangeMode.values()) {
      assertEquals(Optional.of(mode), ChangeMode.of(mode.text()));
    }
    assertEquals(Optional.empty(), ChangeMode.of("incremental"));
  }
}
