package dev.longshore.engine.block;

import static dev.longshore.engine.block.BlockWorld.MIB;
import static dev.longshore.engine.block.BlockWorld.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.FaultyStore.Fault;
import dev.longshore.engine.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Block backups whose process dies at any call of the store; `-Dlongshore.kills=N` for more.
class BlockBackupFaultTest {
  private static final int KILLS = Integer.getInteger("longshore.kills", 3);
  private static final int BLOCKS = 32;

  @Test
  void afterDeathAtAnyCallTheNextRunGoesOnFromTheLastCheckpoint() {
    Seeds.check(
        KILLS,
        random -> {
          MemoryImage image = MemoryImage.random(random, BLOCKS * MIB);
          MemoryStore store = new MemoryStore(FakeClock.of2026());
          BlockWorld.create(store).close();
          FaultyStore faulty = new FaultyStore(store, StoreException.Retry.NEVER);
          int saved = die(faulty, image, 3 + random.nextInt(24), random.nextBoolean());
          image.readBytes.set(0);
          try (BlockWorld next = BlockWorld.open(store)) {
            BlockResult result = next.run(image, request("s1"));
            assertTrue(
                result.counts().resumedBlocks() >= saved,
                result.counts() + " after a checkpoint of " + saved);
            assertEquals((BLOCKS - result.counts().resumedBlocks()) * MIB, image.readBytes.get());
            assertArrayEquals(image.bytes, next.restore(result.manifest()));
            assertEquals(1, next.snapshots().size());
          }
        });
  }

  /// Runs until the store fails; returns the blocks that the last checkpoint had.
  private static int die(FaultyStore faulty, MemoryImage image, int calls, boolean after)
      throws IOException {
    int[] saved = {0};
    int[] read = {0};
    try (BlockWorld world = BlockWorld.open(faulty)) {
      world.progress =
          new BlockProgress() {
            @Override
            public void read(long bytes) {
              read[0]++;
              world.clock.advance(Duration.ofMinutes(1));
            }

            @Override
            public void checkpointed() {
              saved[0] = read[0];
            }
          };
      faulty.failAt(faulty.count() + calls, after ? Fault.CRASH_AFTER : Fault.CRASH_BEFORE);
      world.run(image, request("s1"));
      return 0; // it ended before
    } catch (StoreException e) {
      return saved[0];
    }
  }
}
