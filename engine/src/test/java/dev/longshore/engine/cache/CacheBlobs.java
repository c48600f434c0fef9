package dev.longshore.engine.cache;

import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Blobs whose bytes everybody can tell from their number, and what a cache holds of them.
final class CacheBlobs {
  static final int LENGTH = 150_000;

  private static final Map<Integer, byte[]> MADE = new ConcurrentHashMap<>();

  private CacheBlobs() {}

  static BlobId id(int number) {
    return new BlobId((number % 3 == 0 ? "q" : "p") + "%032x".formatted(number));
  }

  static byte[] bytes(int number) {
    return MADE.computeIfAbsent(number, made -> Seeds.bytes(Seeds.generator(made + 1000), LENGTH));
  }

  /// Keeps a range, as somebody who has just fetched it.
  static void keep(DiskCache cache, int number, int offset, int length) {
    byte[] range = Arrays.copyOfRange(bytes(number), offset, offset + length);
    cache.keep(id(number), offset, ByteBuffer.wrap(range), LENGTH);
  }

  /// Reads a range.
  ///
  /// @return false if it is not there
  /// @throws AssertionError if it is not what it should be
  static boolean check(DiskCache cache, int number, int offset, int length) {
    byte[] found = new byte[length + 2];
    ByteBuffer into = ByteBuffer.wrap(found, 1, length);
    boolean there = cache.read(id(number), offset, into);
    if (!there && into.position() != 1) {
      throw new AssertionError("a miss has moved the buffer");
    }
    if (there && (into.hasRemaining() || found[0] != 0 || found[length + 1] != 0)) {
      throw new AssertionError("a hit of another length");
    }
    byte[] expected = Arrays.copyOfRange(bytes(number), offset, offset + length);
    if (there && !Arrays.equals(expected, 0, length, found, 1, length + 1)) {
      throw new AssertionError("wrong bytes of blob " + number + " at " + offset + "+" + length);
    }
    return there;
  }

  /// What files and folders take, in whole blocks. Nobody may rename meanwhile.
  static long usage(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long bytes = 0;
    try (Stream<Path> all = Files.list(folder)) {
      for (Path path : all.toList()) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          bytes += 4096 + usage(path);
        } else if (!path.getFileName().toString().equals("state")) {
          bytes += (size(path) + 4095) / 4096 * 4096;
        }
      }
    } catch (NoSuchFileException e) {
      return bytes;
    }
    return bytes;
  }

  /// 0 if the file is thrown out meanwhile.
  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
