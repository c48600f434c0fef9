package dev.longshore.bench.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A disk image of 6 GiB with 2 GiB of holes, in extents of 16 MiB: of those with data, a half is
/// incompressible, three tenths are like text and a fifth repeats what stands elsewhere in the
/// image, at another offset.
final class DiskImage {
  private static final int EXTENT = 16 << 20;
  private static final int EXTENTS_AT_FULL_SCALE = 384;

  /// The unit of change: what volumes' changed-block tracking usually reports.
  private static final int BLOCK = 64 << 10;

  private final Path file;
  private final int extents;
  private final List<Integer> allocated = new ArrayList<>();

  /// @param folder will hold the image and nothing else
  DiskImage(Path folder, double scale) {
    file = folder.resolve("disk.img");
    extents = Math.max(6, (int) Math.round(EXTENTS_AT_FULL_SCALE * scale));
    for (int i = 0; i < extents; i++) {
      if (i % 3 != 2) {
        allocated.add(i);
      }
    }
  }

  /// What the tables call it.
  String describe() {
    return "disk image of %.2f GiB, %.2f GiB allocated"
        .formatted(gib(extents), gib(allocated.size()));
  }

  private static double gib(int count) {
    return count * (double) EXTENT / (1 << 30);
  }

  void write() throws IOException {
    Files.createDirectories(file.getParent());
    Filler filler = new Filler(4711);
    byte[] extent = new byte[EXTENT];
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      for (int n = 0; n < allocated.size(); n++) {
        long at = (long) allocated.get(n) * EXTENT;
        switch (n % 10) {
          case 0, 2, 4, 6, 8 -> filler.fillRandom(extent, EXTENT);
          case 1, 5, 9 -> filler.fillText(extent, EXTENT);
          default -> {
            // A multiple of a file system's block, seldom of anything larger.
            int from = allocated.get(filler.random().nextInt(n));
            long shift = filler.random().nextInt(EXTENT / 4096) * 4096L;
            readFully(channel, extent, Math.min((long) from * EXTENT + shift, at - EXTENT));
          }
        }
        channel.write(ByteBuffer.wrap(extent), at);
      }
      if (channel.size() < (long) extents * EXTENT) {
        channel.write(ByteBuffer.allocate(1), (long) extents * EXTENT - 1);
      }
    }
  }

  /// Overwrites one block of 64 KiB in a hundred of those allocated, scattered.
  void change(int round) throws IOException {
    Filler filler = new Filler(round + 1L);
    byte[] block = new byte[BLOCK];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int blocks = EXTENT / BLOCK;
      for (int i = 0; i < allocated.size() * blocks / 100; i++) {
        long extent = allocated.get(filler.random().nextInt(allocated.size()));
        filler.fillRandom(block, BLOCK);
        channel.write(
            ByteBuffer.wrap(block),
            extent * EXTENT + (long) filler.random().nextInt(blocks) * BLOCK);
      }
    }
  }

  private static void readFully(FileChannel channel, byte[] target, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(target);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("the image ends too early");
      }
    }
  }
}
