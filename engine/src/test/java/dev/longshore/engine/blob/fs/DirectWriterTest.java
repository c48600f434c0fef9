package dev.longshore.engine.blob.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.posix.AlignedBuffers;
import dev.longshore.engine.testkit.Seeds;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectWriterTest {
  private static final int LONG = 5 << 20;

  @TempDir Path folder;

  private FileWriter files() {
    return new FileWriter(folder, FilesystemOptions.of(folder.toString()));
  }

  private record Piece(int offset, int length) {}

  /// Cuts a length into pieces of very different sizes, in any order.
  private static List<Piece> pieces(int length, Random random) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < length) {
      int most = List.of(1, 100, 5000, 256 << 10, 2 * AlignedBuffers.BYTES).get(random.nextInt(5));
      int size = Math.min(length - at, 1 + random.nextInt(most));
      pieces.add(new Piece(at, size));
      at += size;
    }
    Collections.shuffle(pieces, random);
    return pieces;
  }

  @Test
  void manyThreadsWriteWhatIsThenRead() throws Exception {
    int window = AlignedBuffers.BYTES;
    for (int length :
        new int[] {LONG, LONG + 1, 8 * window, 8 * window - 1, 8 * window + 4096, 100, 0}) {
      byte[] expected = Seeds.bytes(Seeds.generator(length), length);
      Path file = folder.resolve("f" + length);
      try (FileWriter.Draft draft = files().begin(file, Math.max(length, LONG));
          ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<?>> written = new ArrayList<>();
        for (Piece piece : pieces(length, new Random(length))) {
          Callable<?> write =
              () -> {
                draft.write(piece.offset, ByteBuffer.wrap(expected, piece.offset, piece.length));
                // What a call has written is there when it ends, wherever it is.
                byte[] back = new byte[piece.length];
                draft.read(piece.offset, ByteBuffer.wrap(back));
                assertArrayEquals(
                    Arrays.copyOfRange(expected, piece.offset, piece.offset + piece.length), back);
                return 0;
              };
          written.add(threads.submit(write));
        }
        for (Future<?> one : written) {
          one.get();
        }
        assertTrue(draft.publish(length, PutOptions.NONE));
      }
      assertArrayEquals(expected, Files.readAllBytes(file));
    }
    try (var left = Files.list(folder)) {
      assertEquals(7, left.count(), "no temporary file is left");
    }
  }

  @Test
  void refusesToPublishWithAHoleOrAnotherLength() throws Exception {
    Path file = folder.resolve("f");
    for (int missing : new int[] {0, AlignedBuffers.BYTES, LONG - 1}) {
      try (FileWriter.Draft draft = files().begin(file, LONG)) {
        for (int at = 0; at < LONG; at += 1 << 16) {
          int skipped = missing >= at && missing < at + (1 << 16) ? 1 : 0;
          draft.write(at + skipped, ByteBuffer.allocate((1 << 16) - skipped));
        }
        assertThrows(
            IOException.class, () -> draft.publish(LONG, PutOptions.NONE), () -> "hole " + missing);
      }
    }
    try (FileWriter.Draft draft = files().begin(file, LONG)) {
      draft.write(0, ByteBuffer.allocate(LONG));
      assertThrows(IOException.class, () -> draft.publish(LONG - 1, PutOptions.NONE));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void aClosedWriterTakesNothingMore() throws Exception {
    Path file = folder.resolve("f");
    FileWriter.Draft draft = files().begin(file, LONG);
    try (draft) {
      draft.write(0, ByteBuffer.allocate(1000));
    }
    assertThrows(IOException.class, () -> draft.write(1000, ByteBuffer.allocate(1000)));
    assertThrows(IOException.class, () -> draft.read(0, ByteBuffer.allocate(1)));
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  /// A buffer or descriptor that is handed on while a late call still writes would put its bytes
  /// into somebody else's file.
  @Test
  void writersThatComeLateDoNotWriteIntoOtherFiles() throws Exception {
    byte[] good = Seeds.bytes(Seeds.generator(1), LONG);
    byte[] bad = new byte[LONG];
    for (int round = 0; round < 20; round++) {
      Path file = folder.resolve("good" + round);
      FileWriter.Draft dropped = files().begin(folder.resolve("bad"), LONG);
      try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
        for (int t = 0; t < 2; t++) {
          int from = t * LONG / 2;
          threads.execute(() -> {
            try {
              for (int at = from; at < from + LONG / 2; at += 10_000) {
                int length = Math.min(10_000, from + LONG / 2 - at);
                dropped.write(at, ByteBuffer.wrap(bad, at, length));
              }
            } catch (IOException e) {
              // It was closed; how far it came does not matter.
            }
          });
        }
        try (dropped) {
          assertFalse(Files.exists(file));
        }
        try (FileWriter.Draft draft = files().begin(file, LONG)) {
          draft.write(0, ByteBuffer.wrap(good));
          assertTrue(draft.publish(LONG, PutOptions.NONE));
        }
      }
      assertArrayEquals(good, Files.readAllBytes(file));
    }
  }

  @Test
  void usesTheDirectWayWhereThereIsOne() throws Exception {
    Path file = Files.createFile(folder.resolve("f"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var direct = DirectWriter.open(file, channel, new WriteBehind());
      assumeTrue(direct.isPresent(), "this file system has no direct writes");
      DirectWriter writer = direct.get();
      try (writer) {
        writer.write(0, ByteBuffer.allocate(AlignedBuffers.BYTES + 1));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (channel.size() == 0 && System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        assertEquals(
            AlignedBuffers.BYTES, channel.size(), "a full window goes to the disk by itself");
        writer.finish(AlignedBuffers.BYTES + 1);
        assertEquals(AlignedBuffers.BYTES + 1, channel.size());
      }
      assertThrows(ClosedChannelException.class, () -> writer.write(0, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void aWindowThatCouldNotBeWrittenFailsWhatComesAfterIt() throws Exception {
    Path file = Files.createFile(folder.resolve("f"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int noSuchDescriptor = -1;
      var writer = new DirectWriter(channel, noSuchDescriptor, new WriteBehind());
      try (writer) {
        for (int i = 0; i < 20; i++) {
          try {
            writer.write(
                (long) i * AlignedBuffers.BYTES, ByteBuffer.allocate(AlignedBuffers.BYTES));
          } catch (IOException e) {
            break; // as early as that, if it came soon enough
          }
        }
        assertThrows(IOException.class, () -> writer.finish(20L * AlignedBuffers.BYTES));
        assertThrows(IOException.class, () -> writer.write(0, ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> writer.read(0, ByteBuffer.allocate(1)));
      }
    }
  }

  @Test
  void largeReadsGiveWhatIsInTheFile() throws Exception {
    assumeTrue(LargeRead.isAvailable());
    byte[] expected = Seeds.bytes(Seeds.generator(3), 3 * AlignedBuffers.BYTES + 1234);
    Path file = folder.resolve("f");
    var random = new Random(5);
    for (int round = 0; round < 60; round++) {
      if (round % 10 == 0) {
        // Half of it is in the page cache, half was never there.
        Files.deleteIfExists(file);
        try (FileWriter.Draft draft = files().begin(file, LONG)) {
          draft.write(0, ByteBuffer.wrap(expected));
          draft.publish(expected.length, PutOptions.NONE);
        }
        LargeRead.fill(file, 0, ByteBuffer.allocate(expected.length / 2));
      }
      int from = random.nextInt(expected.length);
      int length = random.nextInt(expected.length - from + 1);
      ByteBuffer into = ByteBuffer.allocate(length + 7).position(7);
      LargeRead.fill(file, from, into);
      assertArrayEquals(
          Arrays.copyOfRange(expected, from, from + length),
          Arrays.copyOfRange(into.array(), 7, 7 + length));
    }
    assertThrows(
        EOFException.class, () -> LargeRead.fill(file, 1, ByteBuffer.allocate(expected.length)));
    assertThrows(EOFException.class, () -> LargeRead.fill(file, 1L << 40, ByteBuffer.allocate(1)));
    assertThrows(
        NoSuchFileException.class,
        () -> LargeRead.fill(folder.resolve("missing"), 0, ByteBuffer.allocate(1)));
  }
}
