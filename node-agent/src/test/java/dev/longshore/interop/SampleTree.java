package dev.longshore.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A tree of files for both programs to back up: sizes around the splitters' limits, text, zeros,
/// holes, odd names, links and modes; the same for the same seed.
public final class SampleTree {
  private SampleTree() {}

  /// Makes the tree under `root`, which must not exist.
  ///
  /// @param largeBytes size of the largest file
  public static void make(Path root, long seed, int largeBytes) throws IOException {
    var random = new SplittableRandom(seed);
    Files.createDirectories(root.resolve("empty directory"));
    Path deep = Files.createDirectories(root.resolve("a/b/c/d"));
    write(root.resolve("empty"), new byte[0]);
    write(root.resolve("one byte"), new byte[] {42});
    write(root.resolve("random.bin"), random(random, 300_000));
    write(deep.resolve("large.bin"), random(random, largeBytes));
    write(root.resolve("zeros.img"), new byte[Math.min(largeBytes, 9 << 20)]);
    write(root.resolve("text.txt"), text(random, 400_000));
    write(root.resolve("copy of text.log"), Files.readAllBytes(root.resolve("text.txt")));
    write(root.resolve("a/naïve <&> \u2028 \u65e5\u672c.txt"), text(random, 5_000));
    write(root.resolve("a/line\nbreak"), text(random, 100));
    write(root.resolve("a/\"quoted\\"), text(random, 64));
    sparse(root.resolve("sparse.img"), random);
    for (int i = 0; i < 40; i++) {
      write(root.resolve("a/b/small-" + i), random(random, random.nextInt(3_000)));
    }
    Files.createSymbolicLink(root.resolve("link"), Path.of("a/b"));
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("/does/not/exist"));
    Files.setPosixFilePermissions(
        root.resolve("one byte"), PosixFilePermissions.fromString("r-xr-----"));
    Files.setPosixFilePermissions(
        root.resolve("a/b"), PosixFilePermissions.fromString("rwx--x--x"));
    times(root);
  }

  /// Changes a tier of the tree: one file grows, one is new, one goes.
  public static void change(Path root, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    write(root.resolve("a/new"), random(random, 70_000));
    Files.write(root.resolve("text.txt"), text(random, 1_000), StandardOpenOption.APPEND);
    Files.delete(root.resolve("a/b/small-7"));
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  private static void sparse(Path file, SplittableRandom random) throws IOException {
    try (var out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      out.write(ByteBuffer.wrap(random(random, 10_000)), 2 << 20);
      out.write(ByteBuffer.wrap(random(random, 10_000)), 6 << 20);
    }
  }

  private static byte[] random(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(SplittableRandom random, int length) {
    var text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append("word").append(random.nextInt(500)).append(random.nextInt(9) == 0 ? '\n' : ' ');
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static void times(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      int i = 0;
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!Files.isSymbolicLink(path)) {
          Instant time = Instant.ofEpochSecond(1_700_000_000L + 17L * i, 123_456_789L - i);
          Files.setLastModifiedTime(path, FileTime.from(time));
          i++;
        }
      }
    }
  }

  /// Every entry below `root` by path: kind, mode, size, time and a hash of its bytes. Times of
  /// directories below the root are left out: Kopia does not restore them as they were.
  public static SortedMap<String, String> describe(Path root) throws IOException {
    SortedMap<String, String> entries = new TreeMap<>();
    try (var all = Files.walk(root)) {
      for (Path path : all.toList()) {
        entries.put(root.relativize(path).toString(), describe(path, path.equals(root)));
      }
    }
    return entries;
  }

  private static String describe(Path path, boolean isRoot) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link " + Files.readSymbolicLink(path);
    }
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    String time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant().toString();
    if (Files.isDirectory(path)) {
      return "directory " + mode + (isRoot ? " " + time : "");
    }
    return "file " + mode + " " + Files.size(path) + " " + time + " " + hash(path);
  }

  private static String hash(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
