package dev.longshore.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveRestoreTest {
  private static final long TIME = 1_700_000_000_123_456_789L;
  private static final String LONG = "l".repeat(200) + "-\u00fc-\ud83d\ude00";

  @TempDir Path temp;
  private final MemoryTree tree = new MemoryTree();
  private final byte[] body = new byte[300_000];
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private DirEntry sample() {
    new Random(5).nextBytes(body);
    ObjectId object = tree.object(List.of(body, body));
    return tree.directory(
        "root",
        0755,
        TIME,
        tree.file("suid", object, 2L * body.length, 04751, TIME),
        tree.file(LONG, "x".getBytes(StandardCharsets.UTF_8), 0600, -1_500_000_000L),
        tree.symlink("link", "../outside", TIME),
        tree.directory("dir", 01777, TIME, tree.file("empty", new byte[0], 0644, TIME)));
  }

  private RestoreResult restore(DirEntry root, RestoreTarget target) throws IOException {
    return new Restorer(tree, tree)
        .restore(root, target, RestoreOptions.DEFAULTS, RestoreListener.NONE);
  }

  /// What the system's own program makes of an archive: a reader that shares no code with the
  /// writer.
  private Path unpack(String... command) throws IOException {
    Path archive = Files.write(temp.resolve("archive"), out.toByteArray());
    Path target = Files.createDirectory(temp.resolve("unpacked"));
    List<String> full = new ArrayList<>(List.of(command));
    full.add(archive.toString());
    Process process =
        new ProcessBuilder(full).directory(target.toFile()).redirectErrorStream(true).start();
    try {
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), text);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return target;
  }

  private static FileStatus status(Path path) throws IOException {
    return Posix.fstatat(Posix.AT_FDCWD, RawText.encode(path.toString()));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var entries = Files.walk(directory)) {
      return entries
          .filter(path -> !path.equals(directory))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void tarHoldsEverything() throws IOException {
    RestoreResult result = restore(sample(), new RestoreTarget.Tar(out, true));

    Path target = unpack("tar", "-xpzf");
    assertEquals(List.of(), result.issues());
    assertEquals(new RestoreStats.Kinds(3, 2, 1), result.stats().restored());
    assertEquals(List.of("dir", "dir/empty", "link", LONG, "suid"), names(target));
    FileStatus suid = status(target.resolve("suid"));
    assertEquals(04751, suid.permissions());
    assertEquals(TIME, suid.mtimeEpochNanos());
    assertArrayEquals(twice(body), Files.readAllBytes(target.resolve("suid")));
    assertEquals(-1_500_000_000L, status(target.resolve(LONG)).mtimeEpochNanos());
    assertEquals(01777, status(target.resolve("dir")).permissions());
    assertEquals(TIME, status(target.resolve("dir")).mtimeEpochNanos());
    assertEquals("../outside", Files.readSymbolicLink(target.resolve("link")).toString());
  }

  private static byte[] twice(byte[] bytes) {
    byte[] both = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, both, bytes.length, bytes.length);
    return both;
  }

  @Test
  void zipHoldsEverythingButOwners() throws IOException {
    for (boolean compressed : new boolean[] {true, false}) {
      out.reset();
      RestoreResult result = restore(sample(), new RestoreTarget.Zip(out, compressed));

      assertEquals(List.of(), result.issues());
      Path archive = Files.write(temp.resolve("archive.zip"), out.toByteArray());
      try (ZipFile zip = new ZipFile(archive.toFile())) {
        assertEquals(5, zip.size());
        ZipEntry suid = zip.getEntry("suid");
        assertArrayEquals(twice(body), zip.getInputStream(suid).readAllBytes());
        assertEquals(TIME / 1_000_000_000, suid.getLastModifiedTime().toInstant().getEpochSecond());
        assertEquals(0, zip.getEntry("dir/empty").getSize());
        assertEquals(1, zip.getEntry(LONG).getSize());
        byte[] link = zip.getInputStream(zip.getEntry("link")).readAllBytes();
        assertEquals("../outside", new String(link, StandardCharsets.UTF_8));
      }
      Map<String, String> env = Map.of("enablePosixFileAttributes", "true");
      try (FileSystem zip = FileSystems.newFileSystem(archive, env)) {
        assertEquals(
            "rwxr-x--x",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(zip.getPath("suid"))));
      }
      int sequential = 0;
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
        while (zip.getNextEntry() != null) {
          sequential++;
        }
      }
      assertEquals(5, sequential);
    }
  }

  @Test
  void damagedFilesLeaveTheArchiveReadable() throws IOException {
    DirEntry bad = tree.file("bad", body, 0644, TIME);
    DirEntry good = tree.file("good", new byte[] {7}, 0644, TIME);
    DirEntry lying = tree.file("lying", good.objectId(), 99, 0644, TIME);
    tree.damage(bad.objectId());

    RestoreResult result =
        restore(
            tree.directory("r", 0755, TIME, bad, good, lying), new RestoreTarget.Tar(out, false));

    assertEquals(
        List.of("bad", "lying"), result.issues().stream().map(RestoreIssue::path).toList());
    Path target = unpack("tar", "-xpf");
    assertEquals(body.length, Files.size(target.resolve("bad")));
    assertArrayEquals(new byte[] {7}, Files.readAllBytes(target.resolve("good")));
    assertArrayEquals(new byte[] {7}, Files.readAllBytes(target.resolve("lying")));
  }

  @Test
  void hostileNamesNeverReachAnArchive() throws IOException {
    DirEntry file = tree.file("f", new byte[] {1}, 0644, TIME);
    DirEntry root =
        tree.hostileDirectory(
            "r", file.withName("../f"), file.withName("/f"), file, file, file.withName(".."));

    RestoreResult result = restore(root, new RestoreTarget.Tar(out, false));

    assertEquals(4, result.failures());
    assertEquals(List.of("f"), names(unpack("tar", "-xpf")));
  }

  @Test
  void fullDiskEndsTheRestore() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    IOException fault =
        assertThrows(
            IOException.class, () -> restore(sample(), new RestoreTarget.Tar(full, false)));
    assertEquals("no space left", fault.getMessage());
  }
}
