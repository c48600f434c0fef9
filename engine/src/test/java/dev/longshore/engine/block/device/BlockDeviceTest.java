package dev.longshore.engine.block.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.LoopDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockDeviceTest {
  private static final int MIB = 1 << 20;
  private static final int EBUSY = 16;

  @TempDir Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(Posix.isAvailable());
  }

  @Test
  void fileGivesBackWhatWasWrittenAtAnyPlaceAndLength() throws IOException {
    Path file = folder.resolve("image");
    try (BlockDevice device = BlockDevice.create(file, 3 * MIB + 513)) {
      checkWrites(device, new Random(1));
    }
  }

  @Test
  void deviceGivesBackWhatWasWrittenAtAnyPlaceAndLength() throws IOException {
    try (LoopDevice loop = loop(dirty(3 * MIB + 512));
        BlockDevice device = BlockDevice.open(loop.path(), Access.WRITE)) {
      assertTrue(device.isDevice());
      assertEquals(3 * MIB + 512, device.size());
      assertEquals(512, device.sectorSize());
      checkWrites(device, new Random(2));
    }
  }

  @Test
  void deviceWithLargeSectorsTakesAnyPlaceAndLength() throws IOException {
    try (LoopDevice loop = loop(dirty(2 * MIB), "--sector-size", "4096");
        BlockDevice device = BlockDevice.open(loop.path(), Access.WRITE)) {
      assertEquals(4096, device.sectorSize());
      checkWrites(device, new Random(3));
      checkZeroing(device, new Random(4));
    }
  }

  @Test
  void dirtyFileIsZeroedExactly() throws IOException {
    try (BlockDevice device = BlockDevice.open(dirty(3 * MIB + 513), Access.WRITE)) {
      checkZeroing(device, new Random(5));
    }
  }

  @Test
  void dirtyDeviceIsZeroedExactly() throws IOException {
    try (LoopDevice loop = loop(dirty(3 * MIB + 512));
        BlockDevice device = BlockDevice.open(loop.path(), Access.WRITE)) {
      checkZeroing(device, new Random(6));
    }
  }

  @Test
  void zeroedFileTakesNoRoom() throws IOException {
    Path file = dirty(4 * MIB);
    try (BlockDevice device = BlockDevice.open(file, Access.WRITE)) {
      device.flush();
      device.zero(0, 4 * MIB);
      device.flush();
      assertEquals(4 * MIB, device.nextData(0));
      assertEquals(0, device.nextHole(0));
    }
    assertArrayEquals(new byte[4 * MIB], Files.readAllBytes(file));
  }

  @Test
  void zeroingThatOnlySaysSoIsReplacedByWriting() throws IOException {
    checkFallback((fd, offset, length) -> {});
  }

  @Test
  void zeroingThatCannotIsReplacedByWriting() throws IOException {
    checkFallback((fd, offset, length) -> {
      throw new OsException("zero out", new byte[0], Errno.EOPNOTSUPP);
    });
  }

  @Test
  void zeroingThatStopsWorkingIsReplacedByWriting() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    checkFallback((fd, offset, length) -> {
      if (calls.incrementAndGet() < 2) {
        Zeroing.OF_FILES.getFirst().zero(fd, offset, length);
      }
    });
    assertEquals(2, calls.get());
  }

  @Test
  void nextWayOfZeroingIsTakenWhenTheFirstIsNone() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    checkFallback(
        (fd, offset, length) -> {},
        (fd, offset, length) -> {
          calls.incrementAndGet();
          Zeroing.OF_FILES.getFirst().zero(fd, offset, length);
        });
    assertTrue(calls.get() > 2, () -> calls.get() + " calls");
  }

  private void checkFallback(Zeroing... ways) throws IOException {
    Path file = dirty(3 * MIB);
    try (BlockDevice device =
        BlockDevice.over(file, Access.WRITE, Posix.open(file, Posix.O_RDWR), List.of(ways))) {
      checkZeroing(device, new Random(7));
    }
  }

  @Test
  void zeroedRangesOfADeviceTakeNoRoom() throws IOException {
    Path image = dirty(4 * MIB);
    try (LoopDevice loop = loop(image);
        BlockDevice device = BlockDevice.open(loop.path(), Access.WRITE)) {
      device.zero(0, 4 * MIB);
      device.flush();
    }
    try (BlockDevice file = BlockDevice.open(image, Access.READ)) {
      assertEquals(4 * MIB, file.nextData(0));
    }
  }

  @Test
  void fileIsWrittenByOneAtATime() throws IOException {
    Path file = dirty(MIB);
    try (BlockDevice _ = BlockDevice.open(file, Access.WRITE);
        BlockDevice _ = BlockDevice.open(file, Access.READ)) {
      OsException e =
          assertThrows(OsException.class, () -> BlockDevice.open(file, Access.WRITE).close());
      assertTrue(String.valueOf(e.getMessage()).contains("in use"), e.getMessage());
    }
    BlockDevice.open(file, Access.WRITE).close();
  }

  @Test
  void imageThatCannotBeSoLargeLeavesNoFile() {
    Path file = folder.resolve("image");
    assertThrows(OsException.class, () -> BlockDevice.create(file, Long.MAX_VALUE).close());
    assertFalse(Files.exists(file));
  }

  @Test
  void faultOfTheMediumWhileZeroingIsNotHidden() throws IOException {
    Path file = dirty(MIB);
    Zeroing broken =
        (fd, offset, length) -> {
          throw new OsException("zero out", new byte[0], Errno.EIO);
        };
    try (BlockDevice device =
        BlockDevice.over(file, Access.WRITE, Posix.open(file, Posix.O_RDWR), List.of(broken))) {
      OsException e = assertThrows(OsException.class, () -> device.zero(0, MIB));
      assertEquals("zero out " + file + " at 0: input/output error", e.getMessage());
    }
  }

  @Test
  void manyThreadsReadAndWriteAtOnce() throws Exception {
    byte[] data = new byte[8 * MIB];
    new Random(8).nextBytes(data);
    try (BlockDevice device = BlockDevice.create(folder.resolve("image"), data.length);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        int at = i * (MIB / 4);
        calls.add(
            threads.submit(() -> {
              device.write(filled(data, at, MIB / 4), at);
              assertArrayEquals(
                  Arrays.copyOfRange(data, at, at + MIB / 4), bytes(device, at, MIB / 4));
              return true;
            }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
      assertArrayEquals(data, bytes(device, 0, data.length));
    }
  }

  @Test
  void holesOfFilesAreTold() throws IOException {
    try (BlockDevice device = BlockDevice.create(folder.resolve("image"), 4 * MIB)) {
      device.write(filled(new byte[MIB], 0, MIB), 2 * MIB);
      device.flush();
      assertEquals(2 * MIB, device.nextData(0));
      assertEquals(3 * MIB, device.nextHole(2 * MIB));
      assertEquals(4 * MIB, device.nextData(3 * MIB));
      assertEquals(4 * MIB, device.nextData(4 * MIB));
    }
  }

  @Test
  void deviceIsAllData() throws IOException {
    try (LoopDevice loop = loop(dirty(MIB));
        BlockDevice device = BlockDevice.open(loop.path(), Access.READ)) {
      assertEquals(4096, device.nextData(4096));
      assertEquals(MIB, device.nextHole(4096));
    }
  }

  @Test
  void fileCanBeResizedAndDeviceCannot() throws IOException {
    Path file = dirty(MIB);
    try (BlockDevice device = BlockDevice.open(file, Access.WRITE)) {
      device.resize(2 * MIB + 1L);
      assertEquals(2 * MIB + 1, device.size());
      assertArrayEquals(new byte[MIB + 1], bytes(device, MIB, MIB + 1));
    }
    try (LoopDevice loop = loop(file);
        BlockDevice device = BlockDevice.open(loop.path(), Access.WRITE)) {
      assertThrows(UnsupportedException.class, () -> device.resize(MIB));
    }
  }

  @Test
  void deviceInUseCannotBeOpenedForWriting() throws IOException {
    try (LoopDevice loop = loop(dirty(MIB));
        BlockDevice first = BlockDevice.open(loop.path(), Access.WRITE)) {
      OsException e =
          assertThrows(
              OsException.class,
              () -> {
                try (BlockDevice second = BlockDevice.open(loop.path(), Access.WRITE)) {
                  assertEquals(first.size(), second.size());
                }
              });
      assertEquals(EBUSY, e.errno());
    }
  }

  @Test
  void refusesRangesOutsideAndWritesWithoutRight() throws IOException {
    Path file = dirty(MIB);
    try (BlockDevice device = BlockDevice.open(file, Access.READ)) {
      ByteBuffer buffer = BlockDevice.buffer(4096);
      assertThrows(IllegalArgumentException.class, () -> device.read(buffer, MIB - 4095));
      assertThrows(IllegalArgumentException.class, () -> device.read(buffer, -1));
      assertThrows(IllegalArgumentException.class, () -> device.read(buffer, Long.MAX_VALUE));
      assertThrows(IllegalArgumentException.class, () -> device.read(ByteBuffer.allocate(4096), 0));
      assertThrows(IllegalStateException.class, () -> device.write(buffer, 0));
      assertThrows(IllegalStateException.class, () -> device.zero(0, 4096));
    }
  }

  @Test
  void refusesWhatIsNoDevice() {
    assertThrows(NoSuchFileException.class, () -> open(folder.resolve("none")));
    assertThrows(UnsupportedException.class, () -> open(folder));
    assertThrows(UnsupportedException.class, () -> open(Path.of("/dev/null")));
  }

  private static void open(Path path) throws IOException {
    try (BlockDevice device = BlockDevice.open(path, Access.READ)) {
      assertFalse(device.isDevice());
    }
  }

  @Test
  void fileThatShrinksWhileReadIsAFault() throws IOException {
    Path file = dirty(MIB);
    try (BlockDevice device = BlockDevice.open(file, Access.READ)) {
      Files.write(file, new byte[100]);
      IOException e = assertThrows(IOException.class, () -> bytes(device, 0, MIB));
      assertEquals(file + " ends at 100 of 1048576 bytes", e.getMessage());
    }
  }

  private static void checkWrites(BlockDevice device, Random random) throws IOException {
    byte[] expected = bytes(device, 0, (int) device.size());
    for (int i = 0; i < 200; i++) {
      int at = place(random, expected.length);
      int length = random.nextInt(Math.min(300_000, expected.length - at) + 1);
      byte[] data = new byte[length];
      random.nextBytes(data);
      device.write(filled(data, 0, length), at);
      System.arraycopy(data, 0, expected, at, length);
      int from = place(random, expected.length);
      int count = random.nextInt(Math.min(300_000, expected.length - from) + 1);
      assertArrayEquals(
          Arrays.copyOfRange(expected, from, from + count), bytes(device, from, count));
    }
    device.flush();
    assertArrayEquals(expected, bytes(device, 0, expected.length));
  }

  private static void checkZeroing(BlockDevice device, Random random) throws IOException {
    byte[] expected = bytes(device, 0, (int) device.size());
    for (int i = 0; i < 12; i++) {
      int at = place(random, expected.length);
      int length = random.nextInt(Math.min(MIB, expected.length - at) + 1);
      device.zero(at, length);
      Arrays.fill(expected, at, at + length, (byte) 0);
      assertArrayEquals(expected, bytes(device, 0, expected.length));
    }
    device.zero(0, expected.length);
    assertArrayEquals(new byte[expected.length], bytes(device, 0, expected.length));
  }

  private static int place(Random random, int size) {
    int at = random.nextInt(size);
    return random.nextBoolean() ? at : at & -4096;
  }

  private Path dirty(int size) throws IOException {
    byte[] data = new byte[size];
    Arrays.fill(data, (byte) 0xff);
    return Files.write(folder.resolve("dirty" + size), data);
  }

  private static LoopDevice loop(Path image, String... options) throws IOException {
    assumeTrue(LoopDevice.isAvailable(), "no loop devices here");
    return LoopDevice.attach(image, options);
  }

  private static ByteBuffer filled(byte[] data, int offset, int length) {
    return BlockDevice.buffer(length).put(data, offset, length).flip();
  }

  private static byte[] bytes(BlockDevice device, long from, int count) throws IOException {
    ByteBuffer buffer = BlockDevice.buffer(count);
    device.read(buffer, from);
    byte[] bytes = new byte[count];
    buffer.flip().get(bytes);
    return bytes;
  }
}
