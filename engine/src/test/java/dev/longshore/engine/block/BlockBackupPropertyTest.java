package dev.longshore.engine.block;

import static dev.longshore.engine.block.BlockWorld.MIB;
import static dev.longshore.engine.block.BlockWorld.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Volumes that are written to at random, grow and shrink; the changes are told by the test, and
/// each snapshot of the chain is the volume as it was.
///
/// `-Dlongshore.blocks.seeds=500` runs so many seeds, with chains of twenty.
class BlockBackupPropertyTest {
  private static final int SEEDS = Integer.getInteger("longshore.blocks.seeds", 3);
  private static final int CHAIN = SEEDS > 10 ? 20 : 5;
  private static final int MAX_BLOCKS = 12;

  @Test
  void everySnapshotOfAChainIsTheVolumeAsItWas() {
    Seeds.check(
        SEEDS,
        random -> {
          try (BlockWorld world = BlockWorld.create()) {
            chain(world, random);
          }
        });
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(SnapshotManifest snapshot, byte[] bytes) {}

  private static void chain(BlockWorld world, RandomGenerator random) throws Exception {
    MemoryImage image = MemoryImage.random(random, size(random));
    BlockMap changed = BlockMap.all(image.size());
    List<Kept> kept = new ArrayList<>();
    for (int i = 0; i < CHAIN; i++) {
      BlockResult result = world.run(image, request("s" + i, FixedTracker.delta(changed)));
      if (!kept.isEmpty()) {
        assertEquals(ChangeMode.DELTA, result.report().mode(), result.report().toString());
      }
      kept.add(new Kept(result.manifest(), image.bytes.clone()));
      if (kept.size() > 1 && random.nextInt(4) == 0) {
        world.delete(kept.removeFirst().snapshot().id().orElseThrow());
      }
      changed = write(image, random);
    }
    for (Kept one : kept) {
      assertArrayEquals(one.bytes(), world.restore(one.snapshot()));
    }
  }

  /// Whole blocks, and a sector more or less.
  private static int size(RandomGenerator random) {
    int size = (1 + random.nextInt(MAX_BLOCKS)) * MIB;
    return switch (random.nextInt(4)) {
      case 0 -> size - 512;
      case 1 -> size + 512;
      case 2 -> size - 512 * random.nextInt(2047);
      default -> size;
    };
  }

  /// Writes at random and tells what was written, though not of what came or went at the end.
  private static BlockMap write(MemoryImage image, RandomGenerator random) {
    int before = image.bytes.length;
    if (random.nextInt(5) == 0) {
      image.resize(size(random));
      if (image.bytes.length > before && random.nextBoolean()) {
        image.change(before, image.bytes.length - before);
      }
    }
    BlockMap map = BlockMap.none(image.size());
    int writes = random.nextInt(6);
    for (int i = 0; i < writes; i++) {
      int at = random.nextInt(image.bytes.length);
      int length = Math.min(1 + random.nextInt(2 * MIB), image.bytes.length - at);
      if (random.nextInt(3) == 0) {
        java.util.Arrays.fill(image.bytes, at, at + length, (byte) 0);
      } else {
        image.change(at, length);
      }
      map.mark(at, length);
    }
    return map;
  }
}
