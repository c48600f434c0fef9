package dev.longshore.engine.block;

import static dev.longshore.engine.block.RealVolume.MIB;
import static dev.longshore.engine.block.RealVolume.assertHolds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.block.device.Access;
import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.block.restore.BlockRestore;
import dev.longshore.engine.block.restore.BlockRestoreListener;
import dev.longshore.engine.block.restore.BlockRestoreOptions;
import dev.longshore.engine.block.restore.BlockRestoreResult;
import dev.longshore.engine.block.restore.BlockTarget;
import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.LoopDevice;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Image files and loop devices that are written to at random, grow and shrink, up to 100 GiB with
/// holes: each snapshot of a chain is restored to files and devices, clean and dirty, as the volume
/// was.
///
/// `-Dlongshore.blocks.seeds=500` runs so many seeds, with chains of twenty; some ten minutes.
class BlockChainPropertyTest {
  private static final int SEEDS = Integer.getInteger("longshore.blocks.seeds", 4);
  private static final int CHAIN = SEEDS > 10 ? 20 : 4;
  private static final int SECTOR = 512;
  private static final int SMALL_BLOCKS = 9;
  private static final int LARGE_BLOCKS = 100 << 10;

  @TempDir Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(Posix.isAvailable());
  }

  @Test
  void everySnapshotOfAChainIsRestoredAsTheVolumeWas() {
    Seeds.check(
        SEEDS,
        random -> {
          boolean loop = random.nextBoolean() && LoopDevice.isAvailable();
          boolean large = random.nextInt(8) == 0;
          Path image = folder.resolve("source");
          try (BlockWorld world = BlockWorld.create();
              RealVolume volume = new RealVolume(image, size(random, large), loop)) {
            new Chain(world, volume, random, large).run();
          } finally {
            Files.deleteIfExists(image);
          }
        });
  }

  /// Whole blocks, and a sector or a bit less or more.
  private static long size(RandomGenerator random, boolean large) {
    long size = (1L + random.nextInt(large ? LARGE_BLOCKS : SMALL_BLOCKS)) * MIB;
    return switch (random.nextInt(4)) {
      case 0 -> size - SECTOR;
      case 1 -> size + SECTOR;
      case 2 -> size - SECTOR * (long) random.nextInt(2047);
      default -> size;
    };
  }

  private record Kept(SnapshotManifest snapshot, RealVolume.State state) {}

  private final class Chain {
    private final BlockWorld world;
    private final RealVolume volume;
    private final RandomGenerator random;
    private final boolean large;
    private final List<Kept> kept = new ArrayList<>();

    Chain(BlockWorld world, RealVolume volume, RandomGenerator random, boolean large) {
      this.world = world;
      this.volume = volume;
      this.random = random;
      this.large = large;
    }

    void run() throws IOException {
      write(1 + random.nextInt(8));
      RealVolume.State last = new RealVolume.State(0, new java.util.TreeMap<>());
      for (int i = 0; i < CHAIN; i++) {
        BlockRequest request = request("s" + i, last);
        kept.add(new Kept(backUp(request), volume.state()));
        last = volume.state();
        if (kept.size() > 1 && random.nextInt(4) == 0) {
          Kept gone = kept.remove(random.nextInt(kept.size() - 1));
          world.delete(gone.snapshot.id().orElseThrow());
        }
        change();
      }
      Path target = folder.resolve("target");
      try {
        for (Kept one : kept) {
          restore(one, target);
        }
        onDevice(kept.getLast());
      } finally {
        Files.deleteIfExists(target);
      }
    }

    /// With a list of changes, one of what is allocated, or none. A large device is not read as a
    /// whole, which would take minutes.
    private BlockRequest request(String state, RealVolume.State last) {
      FixedTracker allocated = FixedTracker.allocated(RealVolume.allocated(volume.state()));
      BlockMap delta = RealVolume.delta(last, volume.state());
      return switch (random.nextInt(large ? 6 : 8)) {
        case 0 -> BlockWorld.request(state, allocated);
        case 1 -> {
          // More than has changed is no harm.
          delta.mark(volume.size() / 2, Math.min(volume.size() - volume.size() / 2, 5L * MIB));
          yield BlockWorld.request(state, tracker(delta, last, allocated));
        }
        case 6 -> BlockWorld.request(state);
        case 7 -> BlockWorld.request(state, FixedTracker.delta(BlockMap.all(volume.size())));
        default -> BlockWorld.request(state, tracker(delta, last, allocated));
      };
    }

    private static FixedTracker tracker(
        BlockMap delta, RealVolume.State last, FixedTracker allocated) {
      return last.size() == 0 ? allocated : FixedTracker.delta(delta);
    }

    private SnapshotManifest backUp(BlockRequest request) throws IOException {
      try (BlockDevice device = BlockDevice.open(volume.path(), Access.READ)) {
        return world.run(BlockSource.of(device), request).manifest();
      }
    }

    /// Writes; sometimes nothing at all, sometimes another size.
    private void change() throws IOException {
      if (random.nextInt(6) == 0) {
        volume.resize(size(random, large));
      }
      write(random.nextInt(5));
    }

    private void write(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        long at = (long) (random.nextDouble() * volume.size());
        if (random.nextInt(4) == 0) {
          at = Math.max(0, volume.size() - 1 - random.nextInt(MIB));
        }
        byte[] bytes = new byte[(int) Math.min(1 + random.nextInt(MIB), volume.size() - at)];
        switch (random.nextInt(4)) {
          case 0 -> {}
          case 1 -> Arrays.fill(bytes, (byte) 7);
          default -> random.nextBytes(bytes);
        }
        volume.write(at, bytes);
      }
    }

    /// To a new file, over another state in place, or over a dirty file.
    private void restore(Kept one, Path target) throws IOException {
      BlockRestoreOptions options = BlockRestoreOptions.DEFAULTS.withParallel(3);
      switch (random.nextInt(3)) {
        case 0 -> Files.deleteIfExists(target);
        case 1 -> options = options.withInPlace(true);
        default -> {
          try (RealVolume dirty = new RealVolume(target, one.state.size(), false)) {
            dirty(dirty);
          }
          options = options.withOverwrite(true).withInPlace(random.nextBoolean());
        }
      }
      restore(one, target, options);
      assertHolds(one.state, target, false);
    }

    /// To a dirty device, which may be larger.
    private void onDevice(Kept one) throws IOException {
      if (!LoopDevice.isAvailable()) {
        return;
      }
      Path image = folder.resolve("device");
      long surplus = SECTOR * (long) random.nextInt(3);
      // A device is whole sectors.
      long size = (one.state.size() + SECTOR - 1) / SECTOR * SECTOR + surplus;
      try (RealVolume device = new RealVolume(image, size, true)) {
        dirty(device);
        BlockRestoreOptions options =
            BlockRestoreOptions.DEFAULTS.withInPlace(random.nextBoolean());
        restore(one, device.path(), large ? options.withInPlace(false) : options);
        assertHolds(one.state, large ? image : device.path(), true);
      } finally {
        Files.deleteIfExists(image);
      }
    }

    /// All of a small one is 0xff, and some ranges of a large one.
    private void dirty(RealVolume target) throws IOException {
      long size = target.size();
      for (long at = 0; at < size; at += large ? 1 + size / 8 : MIB) {
        byte[] ones = new byte[(int) Math.min(MIB, size - at)];
        Arrays.fill(ones, (byte) 0xff);
        target.write(at, ones);
      }
    }

    private void restore(Kept one, Path target, BlockRestoreOptions options) throws IOException {
      BlockVolume found = BlockVolume.of(world.repository.objects(), one.snapshot);
      assertEquals(one.state.size(), found.sizeBytes());
      BlockRestoreResult result =
          new BlockRestore(world.repository)
              .restore(found, new BlockTarget.Raw(target), options, BlockRestoreListener.NONE);
      assertTrue(result.isWhole(), result.toString());
    }
  }
}
