package dev.longshore.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorerTest {
  private static final long TIME = 1_700_000_000_123_456_789L;

  @TempDir Path temp;
  private final MemoryTree tree = new MemoryTree();

  private RestoreResult restore(DirEntry root, Path target, RestoreOptions options)
      throws IOException {
    return new Restorer(tree, tree)
        .restore(root, new RestoreTarget.Local(target), options, RestoreListener.NONE);
  }

  private RestoreResult restore(DirEntry root, Path target) throws IOException {
    return restore(root, target, RestoreOptions.DEFAULTS);
  }

  private static RestoreOptions overwriting(boolean directories, boolean files, boolean links) {
    RestoreOptions d = RestoreOptions.DEFAULTS;
    return new RestoreOptions(
        new RestoreOptions.Overwrite(directories, files, links),
        d.skip(),
        d.writing(),
        true,
        false,
        false,
        false,
        d.shallow(),
        2,
        1 << 20,
        AttributeOptions.DEFAULTS);
  }

  private static FileStatus status(Path path) throws IOException {
    return Posix.fstatat(Posix.AT_FDCWD, RawText.encode(path.toString()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void restoresNamesModesTimesAndLinks() throws IOException {
    DirEntry root =
        tree.directory(
            "src",
            0751,
            TIME + 1,
            tree.file("plain", bytes("hello"), 0644, TIME),
            tree.file("suid", bytes("x"), 04755, TIME + 2),
            tree.file("none", bytes("secret"), 0, TIME),
            tree.file("empty", new byte[0], 0600, -1_000_000_001L),
            tree.file("far", bytes("f"), 0640, 9_000_000_000_000_000_007L),
            tree.file("new\nline \" \\ ü \ud83d\ude00", bytes("odd"), 0644, TIME),
            tree.symlink("dangling", "no/such", TIME + 3),
            tree.symlink("absolute", "/etc/passwd", -5L),
            tree.directory("sticky", 03777, TIME + 4, tree.file("in", bytes("in"), 02711, 1L)),
            tree.directory("empty-dir", 0500, TIME + 5));
    Path target = temp.resolve("a/b/target");

    RestoreResult result = restore(root, target);

    assertEquals(List.of(), result.issues());
    assertTrue(result.complete());
    assertEquals(new RestoreStats.Kinds(7, 3, 2), result.stats().restored());
    assertEquals(result.stats().restored().files(), result.stats().enqueued().files());
    assertEntry(target, 0751, TIME + 1);
    assertEntry(target.resolve("plain"), 0644, TIME);
    assertEntry(target.resolve("suid"), 04755, TIME + 2);
    assertEntry(target.resolve("none"), 0, TIME);
    assertEntry(target.resolve("empty"), 0600, -1_000_000_001L);
    assertEntry(target.resolve("far"), 0640, 9_000_000_000_000_000_007L);
    assertEntry(target.resolve("sticky"), 03777, TIME + 4);
    assertEntry(target.resolve("sticky/in"), 02711, 1L);
    assertEntry(target.resolve("empty-dir"), 0500, TIME + 5);
    assertEquals("hello", Files.readString(target.resolve("plain")));
    assertEquals("odd", Files.readString(target.resolve("new\nline \" \\ ü \ud83d\ude00")));
    assertEquals(0, Files.size(target.resolve("empty")));
    assertEquals("no/such", Files.readSymbolicLink(target.resolve("dangling")).toString());
    assertEquals("/etc/passwd", Files.readSymbolicLink(target.resolve("absolute")).toString());
    assertEquals(TIME + 3, status(target.resolve("dangling")).mtimeEpochNanos());
    assertEquals(-5L, status(target.resolve("absolute")).mtimeEpochNanos());
  }

  private static void assertEntry(Path path, int mode, long mtime) throws IOException {
    FileStatus status = status(path);
    assertEquals(Integer.toOctalString(mode), Integer.toOctalString(status.permissions()));
    assertEquals(mtime, status.mtimeEpochNanos(), path.toString());
  }

  @Test
  void restoresOwnersAsRoot() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(status(temp).uid() == 0);
    ObjectId body = tree.content(ContentId.NO_PREFIX, bytes("body"));
    DirEntry file =
        new DirEntry(
            "f",
            EntryType.FILE,
            GoFileMode.ofUnix(06755),
            4,
            TIME,
            1234,
            4_000_000_000L,
            body,
            null);
    DirEntry link = new DirEntry("l", EntryType.SYMLINK, 0777, 4, TIME, 77, 88, body, null);

    restore(tree.directory("d", 0755, TIME, file, link), temp.resolve("t"));

    FileStatus status = status(temp.resolve("t/f"));
    assertEquals(1234, status.uid());
    assertEquals(4_000_000_000L, Integer.toUnsignedLong(status.gid()));
    assertEquals(06755, status.permissions());
    assertEquals(77, status(temp.resolve("t/l")).uid());
    assertEquals(88, status(temp.resolve("t/l")).gid());
  }

  @Test
  void ownersThatCannotBeSetAreNotedAndProgramsLoseSetuid() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(status(temp).uid() != 0);
    ObjectId body = tree.content(ContentId.NO_PREFIX, bytes("body"));
    DirEntry file =
        new DirEntry("f", EntryType.FILE, GoFileMode.ofUnix(04755), 4, TIME, 1, 1, body, null);
    DirEntry root = tree.directory("d", 0755, TIME, file);

    RestoreResult result = restore(root, temp.resolve("t"));

    assertEquals(
        List.of(RestoreIssue.Kind.OWNER, RestoreIssue.Kind.PERMISSIONS),
        result.issues().stream().map(RestoreIssue::kind).toList());
    assertEquals(0, result.failures());
    assertEntry(temp.resolve("t/f"), 0755, TIME);
  }

  @Test
  void targetsThatCannotBeMadeAreRefused() throws IOException {
    Files.writeString(temp.resolve("file"), "x");
    DirEntry root = tree.directory("d", 0755, TIME);

    assertThrows(IOException.class, () -> restore(root, temp.resolve("file/t")));
    assertThrows(
        IOException.class,
        () -> restore(tree.file("f", bytes("x"), 0644, TIME), temp.resolve("file/t")));
  }

  @Test
  void restoresLargeFilesFromManyPacksReadingEachContentOnce() throws IOException {
    Random random = new Random(1);
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pieces.add(random(1 + random.nextInt(90_000), i % 150));
    }
    ObjectId large = tree.object(pieces);
    byte[] expected = join(pieces);
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            tree.file("large", large, expected.length, 0644, TIME),
            tree.file("copy", large, expected.length, 0644, TIME));

    RestoreResult result = restore(root, temp.resolve("t"));

    assertEquals(List.of(), result.issues());
    assertArrayEquals(expected, Files.readAllBytes(temp.resolve("t/large")));
    assertArrayEquals(expected, Files.readAllBytes(temp.resolve("t/copy")));
    assertEquals(2L * expected.length, result.stats().restoredBytes());
    tree.reads()
        .forEach((id, count) -> assertTrue(count == 1 || id.hasPrefix(), id + " read " + count));
  }

  private static byte[] join(List<byte[]> pieces) {
    int length = pieces.stream().mapToInt(piece -> piece.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  @Test
  void leavesHolesOfASparseGibibyte() throws IOException {
    byte[] zeros = new byte[2 << 20];
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      pieces.add(zeros);
    }
    byte[] mixed = new byte[2 << 20];
    System.arraycopy(random(10_000, 3), 0, mixed, 1_000_000, 10_000);
    pieces.set(100, mixed);
    long size = 512L * zeros.length;
    DirEntry root =
        tree.directory("d", 0755, TIME, tree.file("image", tree.object(pieces), size, 0644, TIME));

    RestoreResult result = restore(root, temp.resolve("t"), writing(true, false, false));

    FileStatus status = status(temp.resolve("t/image"));
    assertEquals(List.of(), result.issues());
    assertEquals(size, status.sizeBytes());
    assertTrue(status.allocatedBytes() <= 64 << 10, "allocated " + status.allocatedBytes());
    try (var channel = Files.newByteChannel(temp.resolve("t/image"))) {
      var buffer = java.nio.ByteBuffer.allocate(mixed.length);
      channel.position(100L * zeros.length);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      assertArrayEquals(mixed, buffer.array());
    }
  }

  private static RestoreOptions writing(boolean sparse, boolean atomically, boolean flush) {
    RestoreOptions d = RestoreOptions.DEFAULTS;
    return new RestoreOptions(
        d.overwrite(),
        d.skip(),
        new RestoreOptions.Writing(sparse, atomically, flush),
        true,
        false,
        false,
        false,
        d.shallow(),
        4,
        16 << 20,
        AttributeOptions.DEFAULTS);
  }

  @Test
  void allocatesZerosUnlessSparse() throws IOException {
    byte[] zeros = new byte[1 << 20];
    ObjectId object = tree.object(List.of(zeros, zeros, bytes("end"), zeros));
    long size = 3L * zeros.length + 3;
    DirEntry root = tree.directory("d", 0755, TIME, tree.file("image", object, size, 0644, TIME));

    restore(root, temp.resolve("t"));

    byte[] expected = new byte[(int) size];
    System.arraycopy(bytes("end"), 0, expected, 2 << 20, 3);
    assertArrayEquals(expected, Files.readAllBytes(temp.resolve("t/image")));
    assertTrue(status(temp.resolve("t/image")).allocatedBytes() >= size);
  }

  @Test
  void writesAtomicallyAndFlushes() throws IOException {
    byte[] body = random(100_000, 1);
    DirEntry good = tree.file("good", body, 0640, TIME);
    DirEntry bad = tree.file("bad", random(1000, 2), 0640, TIME);
    DirEntry root = tree.directory("d", 0755, TIME, good, bad);
    tree.damage(bad.objectId());
    Path target = Files.createDirectory(temp.resolve("t"));
    Files.writeString(target.resolve("bad"), "old");
    Files.writeString(target.resolve("good"), "old");

    RestoreResult result = restore(root, target, writing(false, true, true));

    assertEquals(1, result.failures());
    assertEquals("old", Files.readString(target.resolve("bad")));
    assertArrayEquals(body, Files.readAllBytes(target.resolve("good")));
    assertEntry(target.resolve("good"), 0640, TIME);
    assertEquals(List.of("bad", "good"), names(target));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void damagedContentsFailOnlyTheirFiles() throws IOException {
    List<DirEntry> files = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      files.add(tree.file("f" + i, random(500 + i, i), 0644, TIME));
    }
    ObjectId torn = tree.object(List.of(random(1000, 100), random(1000, 7), random(1000, 101)));
    files.add(tree.file("torn", torn, 3000, 0644, TIME));
    DirEntry lost = tree.directory("lost", 0700, TIME, tree.file("x", bytes("x"), 0644, TIME));
    files.add(lost);
    DirEntry root = tree.directory("d", 0755, TIME, files.toArray(DirEntry[]::new));
    tree.damage(files.get(3).objectId());
    tree.forget(files.get(4).objectId());
    tree.damage(tree.content(ContentId.NO_PREFIX, random(1000, 7)));
    tree.damage(lost.objectId());

    RestoreResult result = restore(root, temp.resolve("t"));

    assertEquals(
        List.of("f3", "f4", "lost", "torn"),
        result.issues().stream().map(RestoreIssue::path).sorted().toList());
    assertEquals(48, result.stats().restored().files());
    assertTrue(result.complete());
    for (int i = 0; i < 50; i++) {
      if (i != 3 && i != 4) {
        assertArrayEquals(random(500 + i, i), Files.readAllBytes(temp.resolve("t/f" + i)), "f" + i);
      }
    }
    byte[] partial = Files.readAllBytes(temp.resolve("t/torn"));
    assertEquals(3000, partial.length);
    assertArrayEquals(random(1000, 101), Arrays.copyOfRange(partial, 2000, 3000));
    assertFalse(status(temp.resolve("t/torn")).mtimeEpochNanos() == TIME, "taken for whole");
    assertEntry(temp.resolve("t/lost"), 0700, TIME);
  }

  @Test
  void neverFollowsLinksInTheTarget() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "kept");
    Path target = Files.createDirectory(temp.resolve("t"));
    Files.createSymbolicLink(target.resolve("dir"), outside);
    Files.createSymbolicLink(target.resolve("file"), outside.resolve("kept"));
    Files.createLink(target.resolve("hard"), outside.resolve("kept"));
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            tree.directory("dir", 0755, TIME, tree.file("kept", bytes("new"), 0644, TIME)),
            tree.file("file", bytes("new"), 0644, TIME),
            tree.file("hard", bytes("new"), 0644, TIME));

    RestoreResult result = restore(root, target);

    assertEquals(List.of(), result.issues());
    assertEquals("kept", Files.readString(outside.resolve("kept")));
    assertEquals(List.of("kept"), names(outside));
    assertEquals("new", Files.readString(target.resolve("dir/kept")));
    assertTrue(Files.isDirectory(target.resolve("dir"), LinkOption.NOFOLLOW_LINKS));
    assertEquals("new", Files.readString(target.resolve("hard")));
    assertEquals(FileKind.REGULAR, status(target.resolve("file")).kind());
  }

  @Test
  void keepsLinksThatMayNotBeReplaced() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path target = Files.createDirectory(temp.resolve("t"));
    Files.createSymbolicLink(target.resolve("dir"), outside);
    Files.createSymbolicLink(target.resolve("link"), outside);
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            tree.directory("dir", 0755, TIME, tree.file("x", bytes("new"), 0644, TIME)),
            tree.symlink("link", "elsewhere", TIME));
    RestoreOptions options = overwriting(true, true, false);

    RestoreResult result = restore(root, target, options);

    assertEquals(2, result.failures());
    assertEquals(List.of(), names(outside));
    assertEquals(outside, Files.readSymbolicLink(target.resolve("link")));
  }

  @Test
  void refusesToReplaceWhatItMayNot() throws IOException {
    Path target = Files.createDirectory(temp.resolve("t"));
    Files.writeString(target.resolve("file"), "old");
    Files.writeString(target.resolve("dir"), "a file");
    Files.createDirectories(target.resolve("was-dir/in"));
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            tree.file("file", bytes("new"), 0644, TIME),
            tree.directory("dir", 0755, TIME, tree.file("x", bytes("new"), 0644, TIME)),
            tree.file("was-dir", bytes("new"), 0644, TIME));
    RestoreOptions options = overwriting(true, false, true);

    RestoreResult result = restore(root, target, options);

    assertEquals(3, result.failures());
    assertEquals("old", Files.readString(target.resolve("file")));
    assertEquals("a file", Files.readString(target.resolve("dir")));
    assertTrue(Files.isDirectory(target.resolve("was-dir/in")));
    RestoreOptions noDirectories = overwriting(false, true, true);
    assertThrows(IOException.class, () -> restore(root, target, noDirectories));
  }

  @Test
  void hostileTreesStayInsideTheTarget() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path target = temp.resolve("t");
    DirEntry evil = tree.file("evil", bytes("evil"), 0644, TIME);
    DirEntry into = tree.hostileDirectory("into", evil);
    DirEntry escape = tree.symlink("swap", outside.toString(), TIME);
    DirEntry root =
        tree.hostileDirectory(
            "root",
            evil.withName("../evil1"),
            evil.withName(temp + "/evil2"),
            evil.withName("a/b"),
            evil.withName("."),
            evil.withName(".."),
            evil.withName(""),
            evil.withName("nul\0x"),
            evil.withName("x".repeat(256)),
            escape,
            into.withName("swap"),
            into.withName("../into"),
            into.withName(".."),
            evil.withName("twice"),
            tree.file("twice", bytes("second"), 0644, TIME),
            into.withName("good"));

    RestoreResult result = restore(root, target);

    assertEquals(12, result.failures(), result.issues().toString());
    assertEquals(List.of(), names(outside));
    assertEquals(List.of("outside", "t"), names(temp));
    assertEquals(List.of("good", "swap", "twice"), names(target));
    assertEquals("evil", Files.readString(target.resolve("twice")));
    assertTrue(Files.isSymbolicLink(target.resolve("swap")));
    assertEquals(1, result.stats().restored().symlinks());
  }

  @Test
  void lyingSizesAreToldAndNotBelieved() throws IOException {
    byte[] piece = random(1000, 1);
    ObjectId lying = tree.lyingObject(List.of(piece, piece), List.of(1000L, 5000L));
    ObjectId huge = tree.lyingObject(List.of(piece, piece), List.of(Long.MAX_VALUE - 10, 1000L));
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            tree.file("short", tree.content(ContentId.NO_PREFIX, piece), 1L << 60, 0644, TIME),
            tree.file("lying", lying, 6000, 0644, TIME),
            tree.file("huge", huge, 6000, 0644, TIME),
            tree.file("good", piece, 0644, TIME));

    RestoreResult result = restore(root, temp.resolve("t"));

    assertEquals(3, result.failures(), result.issues().toString());
    assertArrayEquals(piece, Files.readAllBytes(temp.resolve("t/short")));
    assertArrayEquals(piece, Files.readAllBytes(temp.resolve("t/good")));
    assertEquals(1, result.stats().restored().files() - 1);
  }

  @Test
  void deepTreesEndWithAnIssue() throws IOException {
    DirEntry at = tree.directory("d", 0755, TIME, tree.file("leaf", bytes("x"), 0644, TIME));
    for (int i = 0; i < 2100; i++) {
      at = tree.directory("d", 0755, TIME + i, at);
    }

    RestoreResult result = restore(at, temp.resolve("t"));

    assertEquals(1, result.failures());
    assertEquals(SnapshotTree.MAX_DEPTH + 1, result.stats().restored().directories());
    deleteDeep(temp.resolve("t"));
  }

  /// Paths this long are beyond what the temporary folder's cleaner can name.
  private static void deleteDeep(Path path) throws IOException {
    try {
      int status = new ProcessBuilder("rm", "-rf", path.toString()).inheritIO().start().waitFor();
      assertEquals(0, status);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void skipsWhatIsThereAndDeletesWhatIsExtra() throws IOException {
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            tree.file("same", bytes("same"), 0644, TIME),
            tree.file("other", bytes("new!"), 0644, TIME),
            tree.symlink("link", "to", TIME),
            tree.directory("dir", 0755, TIME),
            tree.file("was-dir", bytes("file"), 0644, TIME));
    Path target = temp.resolve("t");
    restore(root, target);
    Files.writeString(target.resolve("other"), "old!!");
    Files.delete(target.resolve("was-dir"));
    Files.createDirectories(target.resolve("was-dir/deep/er"));
    Files.writeString(target.resolve("was-dir/deep/er/x"), "x");
    Files.writeString(target.resolve("extra"), "x");
    Files.createSymbolicLink(target.resolve("extra-link"), temp);
    Files.createDirectories(target.resolve("dir/extra"));
    RestoreOptions d = RestoreOptions.DEFAULTS;
    RestoreOptions options =
        new RestoreOptions(
            d.overwrite(),
            d.skip(),
            d.writing(),
            true,
            false,
            true,
            true,
            d.shallow(),
            2,
            1 << 20,
            AttributeOptions.DEFAULTS);

    RestoreResult result = restore(root, target, options);

    assertEquals(List.of(), result.issues());
    assertEquals(2, result.stats().skipped());
    assertEquals(4, result.stats().skippedBytes());
    assertEquals(new RestoreStats.Kinds(1, 2, 1), result.stats().deleted());
    assertEquals("new!", Files.readString(target.resolve("other")));
    assertEquals("file", Files.readString(target.resolve("was-dir")));
    assertEquals(List.of("dir", "link", "other", "same", "was-dir"), names(target));
    assertEquals(List.of(), names(target.resolve("dir")));
  }

  @Test
  void skippedAttributesStayAsTheyCome() throws IOException {
    RestoreOptions d = RestoreOptions.DEFAULTS;
    RestoreOptions options =
        new RestoreOptions(
            d.overwrite(),
            new RestoreOptions.Skip(true, true, true),
            d.writing(),
            true,
            false,
            false,
            false,
            d.shallow(),
            2,
            1 << 20,
            AttributeOptions.DEFAULTS);

    restore(
        tree.directory("d", 0755, TIME, tree.file("f", bytes("x"), 0777, TIME)),
        temp.resolve("t"),
        options);

    assertEquals(0600, status(temp.resolve("t/f")).permissions());
    assertEquals(0700, status(temp.resolve("t")).permissions());
    assertFalse(status(temp.resolve("t/f")).mtimeEpochNanos() == TIME);
  }

  @Test
  void shallowRestoresWritePlaceholdersThatDeepOnesReplace() throws IOException {
    DirEntry big = tree.file("big", random(2000, 1), 0644, TIME);
    DirEntry root =
        tree.directory(
            "d",
            0755,
            TIME,
            big,
            tree.file("small", bytes("s"), 0644, TIME),
            tree.directory("sub", 0711, TIME, tree.file("in", bytes("in"), 0644, TIME)));
    RestoreOptions d = RestoreOptions.DEFAULTS;
    RestoreOptions options =
        new RestoreOptions(
            d.overwrite(),
            d.skip(),
            d.writing(),
            true,
            false,
            false,
            false,
            new RestoreOptions.Shallow(0, 100),
            2,
            1 << 20,
            AttributeOptions.DEFAULTS);
    Path target = temp.resolve("t");

    RestoreResult shallow = restore(root, target, options);

    assertEquals(List.of(), shallow.issues());
    assertEquals(List.of("big.kopia-entry", "small", "sub.kopia-entry"), names(target));
    GoJsonWriter json = new GoJsonWriter();
    big.writeTo(json);
    assertArrayEquals(
        json.newline().toByteArray(), Files.readAllBytes(target.resolve("big.kopia-entry")));
    assertEntry(target.resolve("big.kopia-entry"), 0444, TIME);
    assertEntry(target.resolve("sub.kopia-entry/.kopia-entry"), 0511, TIME);

    restore(root, target);
    assertEquals(List.of("big", "small", "sub"), names(target));

    restore(big, temp.resolve("alone"), options);
    assertArrayEquals(random(2000, 1), Files.readAllBytes(temp.resolve("alone")));
  }

  @Test
  void restoresSingleFilesAndLinks() throws IOException {
    DirEntry file = tree.file("f", bytes("body"), 0640, TIME);
    Files.createDirectory(temp.resolve("dir"));
    Files.setLastModifiedTime(temp.resolve("dir"), java.nio.file.attribute.FileTime.fromMillis(5));

    RestoreResult result = restore(file, temp.resolve("dir/as"));

    assertEquals(new RestoreStats.Kinds(1, 0, 0), result.stats().restored());
    assertEquals("body", Files.readString(temp.resolve("dir/as")));
    assertEntry(temp.resolve("dir/as"), 0640, TIME);
    restore(tree.symlink("l", "to", TIME), temp.resolve("dir/link"));
    assertEquals("to", Files.readSymbolicLink(temp.resolve("dir/link")).toString());
    assertThrows(IOException.class, () -> restore(file, temp.resolve("dir")));
    assertThrows(
        IOException.class, () -> restore(tree.directory("d", 0755, 0), temp.resolve("dir/as")));
  }

  @Test
  void restoresVeleroVolumesByTheirBaseName() throws IOException {
    DirEntry volume = tree.file("/dev/loop0", random(5000, 1), 0777, TIME);
    DirEntry root = tree.hostileDirectory("/dev/loop0", volume);

    RestoreResult result = restore(root, temp.resolve("t"));

    assertEquals(List.of(), result.issues());
    assertEquals(List.of("loop0"), names(temp.resolve("t")));
    assertArrayEquals(random(5000, 1), Files.readAllBytes(temp.resolve("t/loop0")));

    Files.writeString(temp.resolve("image"), "old");
    restore(root, temp.resolve("image"));
    assertArrayEquals(random(5000, 1), Files.readAllBytes(temp.resolve("image")));
  }

  @Test
  void cancelEndsEarlyAndSaysSo() throws IOException {
    List<DirEntry> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(tree.file("f" + i, random(10, i), 0644, TIME));
    }
    AtomicInteger asked = new AtomicInteger();
    RestoreListener listener =
        new RestoreListener() {
          @Override
          public boolean cancelled() {
            return asked.incrementAndGet() > 20;
          }
        };

    RestoreResult result =
        new Restorer(tree, tree)
            .restore(
                tree.directory("d", 0751, TIME, files.toArray(DirEntry[]::new)),
                new RestoreTarget.Local(temp.resolve("t")),
                RestoreOptions.DEFAULTS,
                listener);

    assertFalse(result.complete());
    assertTrue(result.stats().restored().files() < 100);
    assertEquals(0, result.failures());
    assertEquals(0751, status(temp.resolve("t")).permissions());
  }

  @Test
  void fullTargetEndsTheRestore() throws IOException, InterruptedException {
    org.junit.jupiter.api.Assumptions.assumeTrue(status(temp).uid() == 0);
    Path mount = Files.createDirectory(temp.resolve("small"));
    Process process =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=1m", "longshore-test", mount.toString())
            .start();
    org.junit.jupiter.api.Assumptions.assumeTrue(process.waitFor() == 0);
    try {
      List<DirEntry> files = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        files.add(tree.file("f" + i, random(100_000, i), 0644, TIME));
      }

      RestoreResult result =
          restore(
              tree.directory("d", 0755, TIME, files.toArray(DirEntry[]::new)), mount.resolve("t"));

      assertFalse(result.complete());
      assertTrue(result.failures() >= 1 && result.failures() < 20, "" + result.failures());
      assertTrue(result.issues().getFirst().message().contains("no space left"));
    } finally {
      new ProcessBuilder("umount", mount.toString()).start().waitFor();
    }
  }
}
