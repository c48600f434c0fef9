package dev.longshore.engine.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
  @TempDir Path folder;
  private int fd = -1;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(Posix.isAvailable());
    fd = Posix.openat(Posix.AT_FDCWD, raw(folder.toString()), Posix.O_DIRECTORY, 0);
  }

  @AfterEach
  void close() {
    if (fd >= 0) {
      Posix.close(fd);
    }
  }

  private static byte[] raw(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tellsWhatTheJdkTells() throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[1234]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-x--x"));
    // The JDK cannot set times before 1970 to the nanosecond.
    PosixChanges.utimensat(fd, raw("f"), -5, 123_456_789);
    Files.createLink(folder.resolve("g"), file);

    FileStatus status = Posix.fstatat(fd, raw("f"));

    Map<String, Object> expected = Files.readAttributes(file, "unix:*");
    assertEquals(expected.get("mode"), status.mode());
    assertEquals(expected.get("uid"), status.uid());
    assertEquals(expected.get("gid"), status.gid());
    assertEquals(1234, status.sizeBytes());
    assertEquals(expected.get("ino"), status.inode());
    assertEquals(2, status.links());
    assertEquals(-5, status.mtimeSeconds());
    assertEquals(123_456_789, status.mtimeNanos());
    assertEquals(-4_876_543_211L, status.mtimeEpochNanos());
    assertEquals(FileKind.REGULAR, status.kind());
    assertEquals(0651, status.permissions());
    assertEquals(Posix.fstat(fd).device(), status.device());
  }

  @Test
  void listsEveryNameWithItsKind() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    Files.createSymbolicLink(folder.resolve("s"), Path.of("nowhere"));
    PosixChanges.mknodat(fd, raw("p"), FileKind.FIFO.bits() | 0600, 0);
    for (int i = 0; i < 3000; i++) {
      Files.createFile(folder.resolve("file-" + i));
    }

    Map<String, FileKind> found = new HashMap<>();
    Posix.list(fd, (name, kind) -> found.put(new String(name, StandardCharsets.UTF_8), kind));

    assertEquals(3003, found.size());
    assertEquals(FileKind.DIRECTORY, found.get("d"));
    assertEquals(FileKind.SYMLINK, found.get("s"));
    assertEquals(FileKind.FIFO, found.get("p"));
    assertEquals(FileKind.REGULAR, found.get("file-2999"));
  }

  @Test
  void keepsNamesThatAreNoText() throws IOException {
    byte[] name = HexFormat.of().parseHex("61ff0a80c3");
    int file = Posix.openat(fd, name, Posix.O_CREAT | Posix.O_WRONLY | Posix.O_EXCL, 0640);
    Posix.close(file);
    byte[][] found = new byte[1][];
    Posix.list(fd, (listed, kind) -> found[0] = listed);
    assertArrayEquals(name, found[0]);
    assertEquals(FileKind.REGULAR, Posix.fstatat(fd, name).kind());
    PosixChanges.unlinkat(fd, name, false);
    assertEquals(
        Errno.ENOENT, assertThrows(OsException.class, () -> Posix.fstatat(fd, name)).errno());
  }

  @Test
  void doesNotFollowLinks() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));
    assertEquals(FileKind.SYMLINK, Posix.fstatat(fd, raw("link")).kind());
    assertArrayEquals(raw("target"), Posix.readlinkat(fd, raw("link")));
    OsException refused =
        assertThrows(OsException.class, () -> Posix.openat(fd, raw("link"), Posix.O_NOFOLLOW, 0));
    assertEquals(Errno.ELOOP, refused.errno());
    assertEquals("open link: too many levels of symbolic links", refused.getMessage());
    assertThrows(
        OsException.class,
        () -> Posix.openat(fd, raw("link"), Posix.O_NOFOLLOW | Posix.O_DIRECTORY, 0));
  }

  @Test
  void readsWritesAndFindsHoles() throws IOException {
    int file = Posix.openat(fd, raw("sparse"), Posix.O_CREAT | Posix.O_RDWR, 0600);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(4096);
      data.fill((byte) 7);
      assertEquals(4096, PosixChanges.pwrite(file, data, 1 << 20));
      PosixChanges.ftruncate(file, 4 << 20);
      assertEquals(4 << 20, Posix.fstat(file).sizeBytes());
      MemorySegment back = arena.allocate(4096);
      assertEquals(4096, Posix.pread(file, back, 1 << 20));
      assertEquals(7, back.get(ValueLayout.JAVA_BYTE, 4095));
      assertEquals(0, Posix.pread(file, back, 4 << 20));
      long start = Posix.seekData(file, 0);
      long end = Posix.seekHole(file, Math.max(start, 0));
      // A file system without holes says that all is data.
      assertTrue(start == 1 << 20 || start == 0, "data at " + start);
      assertTrue(end >= (1 << 20) + 4096 && end <= 4 << 20, "hole at " + end);
      if (end < 4 << 20) {
        assertEquals(-1, Posix.seekData(file, end));
      }
    } finally {
      Posix.close(file);
    }
  }

  @Test
  void setsTimesAndModes() throws IOException {
    Files.createFile(folder.resolve("f"));
    PosixChanges.utimensat(fd, raw("f"), -1000, 999_999_999);
    int file = Posix.openat(fd, raw("f"), Posix.O_RDONLY, 0);
    PosixChanges.fchmod(file, 04751);
    Posix.close(file);
    FileStatus status = Posix.fstatat(fd, raw("f"));
    assertEquals(-1000, status.mtimeSeconds());
    assertEquals(999_999_999, status.mtimeNanos());
    assertEquals(04751, status.permissions());
  }

  @Test
  void makesLinksDirectoriesAndRenames() throws IOException {
    PosixChanges.mkdirat(fd, raw("d"), 0700);
    PosixChanges.symlinkat(raw("to"), fd, raw("l"));
    PosixChanges.linkat(fd, raw("l"), fd, raw("m"));
    PosixChanges.renameat(fd, raw("m"), fd, raw("n"));
    assertEquals(2, Posix.fstatat(fd, raw("n")).links());
    PosixChanges.unlinkat(fd, raw("d"), true);
    assertThrows(OsException.class, () -> PosixChanges.unlinkat(fd, raw("d"), true));
  }

  @Test
  void readsAndSetsExtendedAttributes() throws IOException {
    Files.createFile(folder.resolve("f"));
    try {
      ExtendedAttributes.set(fd, raw("f"), "user.longshore", raw("hello"));
    } catch (OsException e) {
      assumeTrue(e.errno() != Errno.EOPNOTSUPP, "no extended attributes here");
      throw e;
    }
    assertTrue(ExtendedAttributes.list(fd, raw("f")).contains("user.longshore"));
    assertArrayEquals(raw("hello"), ExtendedAttributes.get(fd, raw("f"), "user.longshore"));
    assertEquals(
        Errno.ENODATA,
        assertThrows(OsException.class, () -> ExtendedAttributes.get(fd, raw("f"), "user.no"))
            .errno());
  }

  @Test
  void tellsThatAFileHasNoAttributes() throws IOException {
    Files.createFile(folder.resolve("f"));
    List<String> attributes = ExtendedAttributes.list(fd, raw("f"));
    assertTrue(attributes.stream().allMatch(a -> a.startsWith("security.")), attributes.toString());
  }

  @Test
  void refusesNamesLongerThanTheSystemTakes() {
    OsException refused = assertThrows(OsException.class, () -> Posix.fstatat(fd, name(100_000)));
    assertEquals(Errno.ENAMETOOLONG, refused.errno());
    assertEquals(
        Errno.ENAMETOOLONG,
        assertThrows(OsException.class, () -> Posix.fstatat(fd, name(256))).errno());
  }

  private static byte[] name(int length) {
    byte[] name = new byte[length];
    Arrays.fill(name, (byte) 'n');
    return name;
  }

  @Test
  void refusesMemoryThatIsNoLongerThere() {
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(8);
    }
    assertThrows(IllegalArgumentException.class, () -> Posix.pread(fd, gone, 0));
    MemorySegment heap = MemorySegment.ofArray(new byte[8]);
    assertThrows(IllegalArgumentException.class, () -> Posix.pread(fd, heap, 0));
  }

  @Test
  void makesCallsFromManyThreadsAtOnce() throws Exception {
    int names = 50;
    for (int i = 0; i < names; i++) {
      Files.write(folder.resolve("n" + i), new byte[i]);
    }
    List<Callable<Void>> callers = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      callers.add(() -> {
        for (int i = 0; i < 40 * names; i++) {
          assertEquals(i % names, Posix.fstatat(fd, raw("n" + i % names)).sizeBytes());
          assertThrows(OsException.class, () -> Posix.fstatat(fd, raw("none")));
        }
        return null;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Void> caller : threads.invokeAll(callers)) {
        caller.get();
      }
    }
  }

  @Test
  void refusesNamesWithNul() {
    OsException refused =
        assertThrows(OsException.class, () -> Posix.fstatat(fd, new byte[] {'a', 0, 'b'}));
    assertEquals(Errno.EINVAL, refused.errno());
  }

  @Test
  void tellsThatAFileIsNoBlockDevice() throws IOException {
    Files.createFile(folder.resolve("f"));
    int file = Posix.openat(fd, raw("f"), Posix.O_RDONLY, 0);
    try {
      assertEquals(25, assertThrows(OsException.class, () -> Posix.blockDeviceSize(file)).errno());
    } finally {
      Posix.close(file);
    }
  }
}
