package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Trees of files with all that a file system keeps of them, and what is to be the same after a
/// restore.
final class RichTree {
  private static final int AT = Posix.AT_FDCWD;

  private final RandomGenerator random;
  private final boolean privileged;
  private final List<Path> files = new ArrayList<>();
  private int count;

  /// @param privileged owners, access lists, capabilities and trusted attributes as well
  RichTree(RandomGenerator random, boolean privileged) {
    this.random = random;
    this.privileged = privileged;
  }

  /// Tells whether whoever runs this may do all to files.
  static boolean isRoot() throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  static byte[] raw(Path path) {
    return RawText.encode(path.toString());
  }

  static void set(Path path, String name, byte[] value) throws OsException {
    ExtendedAttributes.set(AT, raw(path), name, value);
  }

  /// Tells whether the file system of a folder has attributes of users.
  static boolean hasAttributes(Path folder) throws IOException {
    Path probe = Files.createFile(folder.resolve("probe"));
    try {
      set(probe, "user.probe", new byte[] {1});
      return true;
    } catch (OsException e) {
      return false;
    } finally {
      Files.delete(probe);
    }
  }

  /// An access-control list as the kernel has it: owner, a user, group, mask, others.
  static byte[] accessList(int user, int permissions) {
    ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
    list.putInt(2);
    int[][] entries = {
      {1, 7, -1}, {2, permissions, user}, {4, 5, -1}, {16, permissions | 5, -1}, {32, 0, -1}
    };
    for (int[] entry : entries) {
      list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
    }
    return list.array();
  }

  /// The capability to use low ports, permitted and effective.
  static byte[] capability() {
    return ByteBuffer.allocate(20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x02000001)
        .putInt(1 << 10)
        .array();
  }

  /// Fills a folder.
  void fill(Path folder, int entries) throws IOException {
    fill(folder, entries, 0);
    finish(folder);
  }

  private void fill(Path folder, int entries, int depth) throws IOException {
    for (int i = 0; i < entries; i++) {
      Path path = folder.resolve("e" + count++ + "\u00e9".repeat(random.nextInt(3)));
      switch (random.nextInt(depth < 3 ? 8 : 6)) {
        case 0 -> {
          Files.createSymbolicLink(path, Path.of("to/" + random.nextInt(9)));
          own(path);
          time(path);
          files.add(path);
        }
        case 1 -> sparse(path);
        case 2 -> link(path);
        case 3, 4, 5 -> file(path);
        default -> {
          Files.createDirectory(path);
          fill(path, random.nextInt(6), depth + 1);
          finish(path);
        }
      }
    }
  }

  private void file(Path path) throws IOException {
    Files.write(path, Seeds.bytes(random, random.nextInt(20_000)));
    own(path);
    attributes(path, false);
    mode(path);
    time(path);
    files.add(path);
  }

  private void sparse(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek((1 + random.nextInt(8)) * 65_536L);
      file.write(Seeds.bytes(random, 100));
      file.setLength(file.length() + random.nextInt(2) * 300_000L);
    }
    time(path);
  }

  private void link(Path path) throws IOException {
    if (files.isEmpty()) {
      file(path);
      return;
    }
    Path existing = files.get(random.nextInt(files.size()));
    PosixChanges.linkat(AT, raw(existing), AT, raw(path));
  }

  private void finish(Path folder) throws IOException {
    own(folder);
    attributes(folder, true);
    mode(folder);
    time(folder);
  }

  private void own(Path path) throws IOException {
    if (privileged && random.nextInt(3) == 0) {
      PosixChanges.fchownat(AT, raw(path), random.nextInt(70_000), random.nextInt(70_000));
    }
  }

  private void attributes(Path path, boolean isDirectory) throws IOException {
    int chosen = random.nextInt(4);
    for (int i = 0; i < chosen; i++) {
      set(path, "user.k" + random.nextInt(5), Seeds.bytes(random, random.nextInt(60)));
    }
    if (random.nextInt(8) == 0) {
      // Long enough for an object of its own, short enough for ext4.
      set(path, "user.long", Seeds.bytes(random, 2500));
    }
    if (!privileged) {
      return;
    }
    if (random.nextInt(3) == 0) {
      set(path, "system.posix_acl_access", accessList(1000 + random.nextInt(5), 4));
    }
    if (isDirectory && random.nextInt(2) == 0) {
      set(path, "system.posix_acl_default", accessList(1000 + random.nextInt(5), 6));
    }
    if (!isDirectory && random.nextInt(4) == 0) {
      set(path, "security.capability", capability());
    }
    if (random.nextInt(4) == 0) {
      set(path, "trusted.t", Seeds.bytes(random, 10));
    }
  }

  private void mode(Path path) throws IOException {
    int permissions = 0700 | random.nextInt(0100) | (random.nextInt(6) == 0 ? 01000 : 0);
    if (privileged && random.nextInt(4) == 0) {
      permissions |= random.nextBoolean() ? 04000 : 02000;
    }
    if (random.nextInt(3) != 0) {
      Files.setAttribute(path, "unix:mode", permissions);
    }
  }

  private void time(Path path) throws IOException {
    PosixChanges.utimensat(
        AT, raw(path), random.nextLong(-2_000_000_000L, 4_000_000_000L), random.nextInt(1 << 29));
  }

  /// All that is to be the same of the entries below a folder, and of itself, by path.
  static Map<String, String> describe(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    Map<Long, String> firstNames = new HashMap<>();
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted().toList();
    }
    for (Path path : paths) {
      String name = folder.relativize(path).toString();
      FileStatus status = Posix.fstatat(AT, raw(path));
      StringBuilder text = new StringBuilder();
      text.append(status.kind()).append(' ').append(Integer.toOctalString(status.permissions()));
      text.append(" %d:%d".formatted(status.uid(), status.gid()));
      text.append(" time=").append(status.mtimeSeconds()).append('.').append(status.mtimeNanos());
      if (status.kind() != FileKind.DIRECTORY && status.links() > 1) {
        text.append(" is ").append(firstNames.computeIfAbsent(status.inode(), _ -> name));
      }
      if (Files.isSymbolicLink(path)) {
        text.append(" -> ").append(Files.readSymbolicLink(path));
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        text.append(" size=").append(status.sizeBytes());
        text.append(" bytes=").append(Arrays.hashCode(Files.readAllBytes(path)));
        text.append(holes(path, status) ? " holes" : "");
      }
      for (String attribute : ExtendedAttributes.list(AT, raw(path)).stream().sorted().toList()) {
        byte[] value = ExtendedAttributes.get(AT, raw(path), attribute);
        String hex = HexFormat.of().formatHex(value);
        text.append(' ').append(attribute).append('=');
        text.append(hex.length() > 100 ? hex.hashCode() : hex);
      }
      found.put(name, text.toString());
    }
    return found;
  }

  /// Checks that two folders are the same.
  static void checkSame(Path expected, Path actual) throws IOException {
    Map<String, String> left = describe(expected);
    Map<String, String> right = describe(actual);
    for (Map.Entry<String, String> entry : left.entrySet()) {
      assertEquals(entry.getValue(), right.get(entry.getKey()), entry.getKey());
    }
    assertEquals(left.keySet(), right.keySet());
  }

  private static boolean holes(Path path, FileStatus status) throws OsException {
    int fd = Posix.openat(AT, raw(path), Posix.O_RDONLY, 0);
    try {
      long hole = Posix.seekHole(fd, 0);
      return hole >= 0 && hole < status.sizeBytes();
    } finally {
      Posix.close(fd);
    }
  }
}
