package dev.longshore.engine.block.restore;

import static dev.longshore.engine.block.restore.TestVolume.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Qcow2Test {
  private static final int SECTOR = 512;

  @TempDir Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(Posix.isAvailable());
  }

  private Path export(TestVolume from, BlockRestoreOptions options) throws IOException {
    Path target = folder.resolve("image.qcow2");
    BlockRestoreResult result =
        from.restore()
            .restore(
                from.volume, new BlockTarget.Qcow2(target), options, BlockRestoreListener.NONE);
    assertTrue(result.isWhole());
    return target;
  }

  @Test
  void imageReadsAsTheVolume() throws IOException {
    BlockRestoreOptions again = BlockRestoreOptions.DEFAULTS.withOverwrite(true);
    for (int seed = 0; seed < 12; seed++) {
      int size = 6 * MIB + (seed % 3 - 1) * SECTOR;
      TestVolume from =
          seed % 2 == 0 ? TestVolume.ofBlocks(size, seed) : TestVolume.ofStream(size, seed);
      byte[] image = Files.readAllBytes(export(from, again));
      assertArrayEquals(from.bytes, read(image));
    }
  }

  @Test
  void emptyVolumeAndOneOfZerosTakeNoData() throws IOException {
    for (int size : List.of(0, 1, 40 * MIB)) {
      BlockRestoreOptions again = BlockRestoreOptions.DEFAULTS.withOverwrite(true);
      byte[] image = Files.readAllBytes(export(TestVolume.ofBlocks(new byte[size]), again));
      int virtual = (size + SECTOR - 1) & -SECTOR;
      assertArrayEquals(new byte[virtual], read(image));
      assertTrue(image.length <= 2 * MIB, "length " + image.length);
    }
  }

  @Test
  void imageStandsUpToQemu() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "no qemu-img here");
    for (int seed = 0; seed < 2; seed++) {
      TestVolume from =
          seed == 0
              ? TestVolume.ofBlocks(21 * MIB + SECTOR, seed)
              : TestVolume.ofStream(21 * MIB - SECTOR, seed);
      Path raw = Files.write(folder.resolve("raw"), from.bytes);
      Path image = export(from, BlockRestoreOptions.DEFAULTS.withOverwrite(true));
      assertQemu("check", "-f", "qcow2", image.toString());
      assertQemu("compare", "-f", "qcow2", "-F", "raw", image.toString(), raw.toString());
    }
  }

  private static void assertQemu(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-img"));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  @Test
  void hugeVolumesHaveTablesWithinReason() {
    long size = 64L << 40;
    BitSet clusters = new BitSet();
    clusters.set(7);
    clusters.set((int) ((size - 1) >> Qcow2Layout.clusterBits(size)));
    Qcow2Layout layout = new Qcow2Layout(size, clusters);
    assertEquals(20, Qcow2Layout.clusterBits(size));
    assertTrue(layout.fileBytes() <= 16L * MIB, "length " + layout.fileBytes());
    assertEquals(layout.fileBytes() - 1, layout.placeOf(size - 1));
    long[] entries = new long[1];
    layout.tables(entry -> entries[0]++);
    assertEquals(layout.placeOf(7L << 20) - layout.tablesPlace(), entries[0] * Long.BYTES);
    assertThrows(IllegalArgumentException.class, () -> layout.placeOf(0));
  }

  @Test
  void partsCannotBeExported() throws IOException {
    TestVolume from = TestVolume.ofBlocks(MIB, 1);
    assertThrows(
        TargetException.class,
        () -> export(from, BlockRestoreOptions.DEFAULTS.withFilter((offset, length) -> false)));
    export(from, BlockRestoreOptions.DEFAULTS);
    assertThrows(TargetException.class, () -> export(from, BlockRestoreOptions.DEFAULTS));
  }

  /// A reader by the specification alone, which checks every reference count.
  private static byte[] read(byte[] image) {
    ByteBuffer file = ByteBuffer.wrap(image);
    assertEquals(0x514649fb, file.getInt(0));
    assertEquals(3, file.getInt(4));
    assertEquals(0, file.getLong(8));
    int clusterBytes = 1 << file.getInt(20);
    long size = file.getLong(24);
    assertEquals(0, file.getInt(32));
    long[] uses = new long[image.length / clusterBytes];
    uses[0]++;
    assertEquals(0, image.length % clusterBytes);
    byte[] volume = new byte[(int) size];
    int l1 = (int) file.getLong(40);
    use(uses, l1 / clusterBytes, (file.getInt(36) * 8 + clusterBytes - 1) / clusterBytes);
    for (int i = 0; i < file.getInt(36); i++) {
      int l2 = place(file.getLong(l1 + 8 * i));
      if (l2 == 0) {
        continue;
      }
      use(uses, l2 / clusterBytes, 1);
      for (int j = 0; j < clusterBytes / 8; j++) {
        int data = place(file.getLong(l2 + 8 * j));
        long at = ((long) i * (clusterBytes / 8) + j) * clusterBytes;
        if (data != 0) {
          use(uses, data / clusterBytes, 1);
          System.arraycopy(image, data, volume, (int) at, (int) Math.min(clusterBytes, size - at));
        }
      }
    }
    int table = (int) file.getLong(48);
    use(uses, table / clusterBytes, file.getInt(56));
    assertEquals(4, file.getInt(96));
    checkRefcounts(file, uses, table, file.getInt(56) * clusterBytes / 8, clusterBytes);
    return volume;
  }

  private static void checkRefcounts(
      ByteBuffer file, long[] uses, int table, int blocks, int clusterBytes) {
    int perBlock = clusterBytes / 2;
    for (int i = 0; i < blocks; i++) {
      int block = (int) file.getLong(table + 8 * i);
      if (block != 0) {
        use(uses, block / clusterBytes, 1);
      }
    }
    for (int cluster = 0; cluster < uses.length; cluster++) {
      int block = (int) file.getLong(table + 8 * (cluster / perBlock));
      assertEquals(1, file.getShort(block + 2 * (cluster % perBlock)));
      assertEquals(1, uses[cluster], "uses of cluster " + cluster);
    }
  }

  private static int place(long entry) {
    if (entry != 0) {
      assertTrue(entry < 0, "the bit for used once");
    }
    return (int) entry;
  }

  private static void use(long[] uses, int first, int count) {
    for (int i = first; i < first + count; i++) {
      uses[i]++;
    }
  }
}
