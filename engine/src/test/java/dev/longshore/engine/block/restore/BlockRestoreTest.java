package dev.longshore.engine.block.restore;

import static dev.longshore.engine.block.restore.TestVolume.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.LoopDevice;
import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockRestoreTest {
  private static final BlockRestoreOptions DEFAULTS = BlockRestoreOptions.DEFAULTS.withParallel(3);
  private static final int SECTOR = 512;

  @TempDir Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(Posix.isAvailable());
  }

  private static BlockRestoreResult restore(
      TestVolume from, Path target, BlockRestoreOptions options) throws IOException {
    return from.restore()
        .restore(from.volume, new BlockTarget.Raw(target), options, BlockRestoreListener.NONE);
  }

  private static void assertRestored(TestVolume from, Path target, BlockRestoreResult result)
      throws IOException {
    assertTrue(result.isWhole(), result.toString());
    assertEquals(from.bytes.length, result.stats().doneBytes());
    assertArrayEquals(from.bytes, Files.readAllBytes(target));
  }

  @Test
  void newFileIsTheVolumeWhateverItsSize() throws IOException {
    for (int mib = 0; mib < 4; mib++) {
      for (int sectors = -1; sectors <= 1; sectors++) {
        int size = Math.max(0, mib * MIB + sectors * SECTOR);
        Path target = folder.resolve("blocks" + mib + sectors);
        TestVolume blocks = TestVolume.ofBlocks(size, size);
        assertRestored(blocks, target, restore(blocks, target, DEFAULTS));
        Path other = folder.resolve("stream" + mib + sectors);
        TestVolume stream = TestVolume.ofStream(size + mib, size);
        assertRestored(stream, other, restore(stream, other, DEFAULTS));
      }
    }
  }

  @Test
  void dirtyDeviceBecomesTheVolumeZerosIncluded() throws IOException {
    assumeTrue(LoopDevice.isAvailable(), "no loop devices here");
    for (int sectors = -1; sectors <= 1; sectors++) {
      int size = 8 * MIB + sectors * SECTOR;
      for (TestVolume from :
          List.of(TestVolume.ofBlocks(size, sectors), TestVolume.ofStream(size, sectors))) {
        Path image = dirty(size);
        try (LoopDevice device = LoopDevice.attach(image)) {
          assertTrue(restore(from, device.path(), DEFAULTS).isWhole());
          assertArrayEquals(from.bytes, Files.readAllBytes(device.path()));
        }
        assertArrayEquals(from.bytes, Files.readAllBytes(image));
      }
    }
  }

  @Test
  void dirtyFileBecomesTheVolumeZerosIncluded() throws IOException {
    for (int seed = 0; seed < 12; seed++) {
      int size = 5 * MIB + new Random(seed).nextInt(2 * MIB);
      TestVolume from =
          seed % 2 == 0 ? TestVolume.ofBlocks(size, seed) : TestVolume.ofStream(size, seed);
      for (Surplus surplus : Surplus.values()) {
        Path target = dirty(size);
        BlockRestoreOptions options = DEFAULTS.withOverwrite(true).withSurplus(surplus);
        assertRestored(from, target, restore(from, target, options));
        Path again = dirty(size);
        assertRestored(from, again, restore(from, again, options.withInPlace(true)));
      }
    }
  }

  @Test
  void surplusOfLargerTargetsIsCutLeftOrZeroed() throws IOException {
    TestVolume from = TestVolume.ofBlocks(3 * MIB - SECTOR, 1);
    int larger = 5 * MIB + 1;
    Path target = dirty(larger);
    assertTrue(restore(from, target, DEFAULTS.withSurplus(Surplus.LEAVE)).isWhole());
    assertArrayEquals(extended(from.bytes, larger, (byte) 0xff), Files.readAllBytes(target));
    assertTrue(restore(from, target, DEFAULTS.withSurplus(Surplus.ZERO)).isWhole());
    assertArrayEquals(extended(from.bytes, larger, (byte) 0), Files.readAllBytes(target));
    assertRestored(from, target, restore(from, target, DEFAULTS.withOverwrite(true)));
  }

  @Test
  void largerDeviceKeepsItsSurplusUnlessZeroed() throws IOException {
    assumeTrue(LoopDevice.isAvailable(), "no loop devices here");
    TestVolume from = TestVolume.ofBlocks(3 * MIB - SECTOR, 1);
    int larger = 5 * MIB + SECTOR;
    try (LoopDevice device = LoopDevice.attach(dirty(larger))) {
      assertTrue(restore(from, device.path(), DEFAULTS).isWhole());
      assertArrayEquals(
          extended(from.bytes, larger, (byte) 0xff), Files.readAllBytes(device.path()));
      assertTrue(restore(from, device.path(), DEFAULTS.withSurplus(Surplus.ZERO)).isWhole());
      assertArrayEquals(extended(from.bytes, larger, (byte) 0), Files.readAllBytes(device.path()));
    }
  }

  private static byte[] extended(byte[] bytes, int size, byte filler) {
    byte[] all = new byte[size];
    Arrays.fill(all, filler);
    System.arraycopy(bytes, 0, all, 0, bytes.length);
    return all;
  }

  @Test
  void smallerDeviceIsRefusedUntouched() throws IOException {
    assumeTrue(LoopDevice.isAvailable(), "no loop devices here");
    TestVolume from = TestVolume.ofBlocks(2 * MIB, 1);
    Path image = dirty(2 * MIB - SECTOR);
    try (LoopDevice device = LoopDevice.attach(image)) {
      TargetException e =
          assertThrows(TargetException.class, () -> restore(from, device.path(), DEFAULTS));
      assertEquals(
          device.path() + " has 2096640 bytes, too few for the 2097152 of the volume",
          e.getMessage());
      assertArrayEquals(
          extended(new byte[0], 2 * MIB - SECTOR, (byte) 0xff), Files.readAllBytes(device.path()));
    }
  }

  @Test
  void existingFileIsRefusedUntouchedUnlessToldOtherwise() throws IOException {
    TestVolume from = TestVolume.ofBlocks(2 * MIB, 1);
    Path target = dirty(MIB);
    assertThrows(TargetException.class, () -> restore(from, target, DEFAULTS));
    assertThrows(TargetException.class, () -> restore(from, folder, DEFAULTS));
    assertArrayEquals(extended(new byte[0], MIB, (byte) 0xff), Files.readAllBytes(target));
  }

  @Test
  void zerosAreFetchedAtMostOnceAndLeaveHoles() throws IOException {
    byte[] bytes = new byte[64 * MIB];
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 3 * MIB, 60 * MIB, (byte) 0);
    TestVolume from = TestVolume.ofBlocks(bytes);
    Path target = folder.resolve("image");
    BlockRestoreResult result = restore(from, target, DEFAULTS);
    assertRestored(from, target, result);
    assertEquals(57L * MIB, result.stats().zeroBytes());
    assertTrue(reads(from, new byte[MIB]) <= 1);
  }

  private static int reads(TestVolume from, byte[] content) {
    ContentId id = TestVolume.idOf(ContentId.NO_PREFIX, content, 0, content.length);
    return from.tree.reads().getOrDefault(id, 0);
  }

  @Test
  void inPlaceFetchesAndWritesOnlyWhatDiffers() throws IOException {
    byte[] old = TestVolume.bytes(16 * MIB, 3);
    byte[] now = old.clone();
    Arrays.fill(now, 2 * MIB + 5, 2 * MIB + 9, (byte) 77);
    Arrays.fill(now, 7 * MIB, 9 * MIB, (byte) 0);
    TestVolume from = TestVolume.ofBlocks(now);
    Path target = Files.write(folder.resolve("image"), old);
    BlockRestoreResult result = restore(from, target, DEFAULTS.withInPlace(true));
    assertRestored(from, target, result);
    assertEquals(MIB, result.stats().writtenBytes());
    assertEquals(1, from.tree.reads().size());

    BlockRestoreResult second = restore(from, target, DEFAULTS.withInPlace(true));
    assertRestored(from, target, second);
    assertEquals(0, second.stats().writtenBytes());
  }

  @Test
  void filterLeavesTheOtherPartsAsTheyAre() throws IOException {
    TestVolume from = TestVolume.ofBlocks(TestVolume.bytes(8 * MIB, 4));
    Path target = dirty(8 * MIB);
    RangeFilter third = (offset, length) -> offset / MIB % 3 == 0;
    BlockRestoreResult result = restore(from, target, DEFAULTS.withFilter(third));
    assertTrue(result.isWhole());
    byte[] expected = extended(new byte[0], 8 * MIB, (byte) 0xff);
    for (int block = 0; block < 8; block += 3) {
      System.arraycopy(from.bytes, block * MIB, expected, block * MIB, MIB);
    }
    assertArrayEquals(expected, Files.readAllBytes(target));
    assertEquals(5L * MIB, result.stats().unchangedBytes());
  }

  @Test
  void mapOfBlocksChoosesThePiecesItTouches() throws IOException {
    BlockMap map = BlockMap.none(8L * MIB - SECTOR);
    map.mark(3L * MIB - 1, 2);
    RangeFilter filter = RangeFilter.of(map);
    assertFalse(filter.wants(0, 2 * MIB));
    assertTrue(filter.wants(2L * MIB, 1));
    assertTrue(filter.wants(MIB, 2 * MIB));
    assertTrue(filter.wants(4L * MIB - 1, 9));
    assertFalse(filter.wants(4L * MIB, 9));
    assertTrue(filter.wants(7L * MIB, MIB));
  }

  @Test
  void unreadableContentIsToldAndTheRestRestored() throws IOException {
    byte[] bytes = new byte[4 * MIB];
    new Random(5).nextBytes(bytes);
    TestVolume from = TestVolume.ofBlocks(bytes);
    byte[] second = Arrays.copyOfRange(bytes, MIB, 2 * MIB);
    ContentId id = TestVolume.idOf(ContentId.NO_PREFIX, second, 0, MIB);
    from.tree.damage(ObjectId.direct(id));
    Path target = dirty(4 * MIB);
    BlockRestoreResult result = restore(from, target, DEFAULTS.withSurplus(Surplus.LEAVE));
    assertFalse(result.isWhole());
    assertTrue(result.complete());
    assertEquals(
        List.of(new UnreadableRange(MIB, MIB, "content " + id + ": does not hash to its id")),
        result.unreadable());
    Arrays.fill(bytes, MIB, 2 * MIB, (byte) 0xff);
    assertArrayEquals(bytes, Files.readAllBytes(target));
  }

  @Test
  void listWithGapsOrTooFewBytesIsDamage() throws IOException {
    byte[] piece = new byte[MIB];
    MemoryTree tree = new MemoryTree();
    ObjectId shorter = tree.object(List.of(piece));
    ObjectId negative = tree.lyingObject(List.of(piece, piece), List.of(1L + MIB, -1L));
    ObjectId longer = tree.lyingObject(List.of(piece, piece), List.of(1L + MIB, 1L * MIB));
    BlockRestore restore = new BlockRestore(new VolumeContents(tree, tree, TestVolume::idOf));
    for (ObjectId id : List.of(shorter, negative)) {
      BlockVolume volume = new BlockVolume("v", id, 2 * MIB, true);
      assertThrows(
          DamagedException.class,
          () ->
              restore.restore(
                  volume,
                  new BlockTarget.Raw(folder.resolve(id.toString())),
                  DEFAULTS,
                  BlockRestoreListener.NONE));
    }
    BlockVolume lying = new BlockVolume("v", longer, 2 * MIB, true);
    BlockRestoreResult result =
        restore.restore(
            lying,
            new BlockTarget.Raw(folder.resolve("lying")),
            DEFAULTS,
            BlockRestoreListener.NONE);
    assertEquals(1, result.unreadableCount());
  }

  @Test
  void cancelledRestoreEndsAndSaysSo() throws IOException {
    TestVolume from = TestVolume.ofBlocks(32 * MIB, 6);
    AtomicInteger asked = new AtomicInteger();
    BlockRestoreListener listener =
        new BlockRestoreListener() {
          @Override
          public boolean cancelled() {
            return asked.incrementAndGet() > 10;
          }
        };
    BlockRestoreResult result =
        from.restore()
            .restore(from.volume, new BlockTarget.Raw(folder.resolve("image")), DEFAULTS, listener);
    assertFalse(result.complete());
    assertFalse(result.isWhole());
  }

  private Path dirty(int size) throws IOException {
    return Files.write(folder.resolve("dirty" + size), extended(new byte[0], size, (byte) 0xff));
  }
}
