package dev.longshore.engine.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.json.RawText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalSourceTest {
  @TempDir Path folder;

  private SourceTree open(boolean portable) throws IOException {
    return portable ? new PathTree(folder) : LocalSource.open(folder);
  }

  private static SourceDirectory root(SourceTree tree) {
    return assertInstanceOf(SourceDirectory.class, tree.root());
  }

  private static List<SourceEntry> entries(SourceListing listing) throws IOException {
    List<SourceEntry> entries = new ArrayList<>();
    for (SourceEntry entry = listing.next(); entry != null; entry = listing.next()) {
      entries.add(entry);
    }
    return entries;
  }

  private static byte[] read(SourceFile file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1000];
    try (SourceReader reader = file.open()) {
      for (int n = reader.read(buffer, 0, 1000); n >= 0; n = reader.read(buffer, 0, 1000)) {
        out.write(buffer, 0, n);
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void listsInTheOrderOfAStoredDirectory(boolean portable) throws IOException {
    for (String name : List.of("z", "a", "B", "é", "\ud83d\ude00", "\uffee")) {
      Files.createFile(folder.resolve(name));
      Files.createDirectory(folder.resolve("dir-" + name));
    }
    try (SourceTree tree = open(portable);
        SourceListing listing = root(tree).open()) {
      List<String> names = entries(listing).stream().map(SourceEntry::name).toList();
      List<String> order = List.of("B", "a", "z", "é", "\uffee", "\ud83d\ude00");
      List<String> expected = new ArrayList<>();
      order.forEach(name -> expected.add("dir-" + name));
      expected.addAll(order);
      assertEquals(expected, names);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsKindsApartAndReadsThem(boolean portable) throws IOException {
    byte[] content = "some content".repeat(1000).getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve("file"), content);
    Files.createFile(folder.resolve("empty"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("some/where"));
    Files.createSymbolicLink(folder.resolve("tofile"), Path.of("file"));
    Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    try (SourceTree tree = open(portable);
        SourceListing listing = root(tree).open()) {
      SourceFile file = assertInstanceOf(SourceFile.class, listing.find("file").orElseThrow());
      assertArrayEquals(content, read(file));
      assertEquals(content.length, file.status().sizeBytes());
      SourceFile empty = assertInstanceOf(SourceFile.class, listing.find("empty").orElseThrow());
      assertEquals(0, read(empty).length);
      SourceSymlink link =
          assertInstanceOf(SourceSymlink.class, listing.find("link").orElseThrow());
      assertEquals("some/where", new String(link.target(), StandardCharsets.UTF_8));
      assertThrows(IOException.class, link::resolveFile);
      SourceSymlink toFile =
          assertInstanceOf(SourceSymlink.class, listing.find("tofile").orElseThrow());
      assertArrayEquals(content, read(toFile.resolveFile().orElseThrow()));
      SourceSymlink loop =
          assertInstanceOf(SourceSymlink.class, listing.find("loop").orElseThrow());
      assertThrows(IOException.class, loop::resolveFile);
      assertEquals(Optional.empty(), listing.find("absent"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void passesOverWhatVanishes(boolean portable) throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.createFile(folder.resolve("f" + i));
    }
    try (SourceTree tree = open(portable);
        SourceListing listing = root(tree).open()) {
      Files.delete(folder.resolve("f3"));
      SourceEntry last = null;
      List<SourceEntry> found = entries(listing);
      for (SourceEntry entry : found) {
        last = entry;
      }
      assertEquals(9, found.size());
      SourceFile file = assertInstanceOf(SourceFile.class, last);
      Files.delete(folder.resolve("f9"));
      IOException gone = assertThrows(IOException.class, file::open);
      assertEquals(
          "unable to open local file: open " + folder.resolve("f9") + ": no such file or directory",
          gone.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noticesThatAFileChanged(boolean portable) throws IOException {
    Path path = Files.write(folder.resolve("f"), new byte[10]);
    try (SourceTree tree = open(portable);
        SourceListing listing = root(tree).open();
        SourceReader reader =
            assertInstanceOf(SourceFile.class, listing.find("f").orElseThrow()).open()) {
      assertFalse(reader.changed());
      Files.write(path, new byte[11]);
      assertTrue(reader.changed());
    }
  }

  @Test
  void keepsNamesThatAreNoText() throws IOException {
    assumeTrue(Posix.isAvailable());
    byte[] name = HexFormat.of().parseHex("80ff0a61");
    int fd = Posix.openat(Posix.AT_FDCWD, RawText.encode(folder.toString()), 0, 0);
    try {
      int file = Posix.openat(fd, name, Posix.O_CREAT | Posix.O_WRONLY, 0600);
      Posix.close(file);
    } finally {
      Posix.close(fd);
    }
    try (SourceTree tree = LocalSource.open(folder);
        SourceListing listing = root(tree).open()) {
      SourceEntry entry = entries(listing).getFirst();
      assertArrayEquals(name, RawText.encode(entry.name()));
      assertEquals(0, read(assertInstanceOf(SourceFile.class, entry)).length);
    }
  }

  @Test
  void neverOpensThroughALinkPutInPlaceOfADirectory() throws IOException {
    assumeTrue(Posix.isAvailable());
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Files.writeString(outside.resolve("secret"), "s");
    Path sub = Files.createDirectory(inside.resolve("sub"));
    Path file = Files.createFile(inside.resolve("file"));
    try (SourceTree tree = LocalSource.open(inside);
        SourceListing listing = root(tree).open()) {
      SourceDirectory directory =
          assertInstanceOf(SourceDirectory.class, listing.find("sub").orElseThrow());
      SourceFile before = assertInstanceOf(SourceFile.class, listing.find("file").orElseThrow());
      Files.delete(sub);
      Files.createSymbolicLink(sub, outside);
      Files.delete(file);
      Files.createSymbolicLink(file, outside.resolve("secret"));
      assertThrows(IOException.class, directory::open);
      assertThrows(IOException.class, before::open);
    }
  }

  @Test
  void doesNotWaitForAFifoPutInPlaceOfAFile() throws IOException {
    assumeTrue(Posix.isAvailable());
    Path file = Files.createFile(folder.resolve("file"));
    try (SourceTree tree = LocalSource.open(folder);
        SourceListing listing = root(tree).open()) {
      SourceFile before = assertInstanceOf(SourceFile.class, listing.find("file").orElseThrow());
      Files.delete(file);
      PosixChanges.mknodat(
          Posix.AT_FDCWD, RawText.encode(file.toString()), FileKind.FIFO.bits() | 0600, 0);
      IOException e = assertThrows(IOException.class, before::open);
      assertEquals(file + " is no longer a file", e.getMessage());
      assertInstanceOf(SourceOther.class, listing.find("file").orElseThrow());
    }
  }

  @Test
  void passesOverHolesExactly() throws IOException {
    assumeTrue(Posix.isAvailable());
    Path path = folder.resolve("sparse");
    byte[] expected = new byte[5_000_000];
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (int at : List.of(1_000_000, 3_000_000)) {
        for (int i = at; i < at + 10_000; i++) {
          expected[i] = (byte) i;
        }
        file.seek(at);
        file.write(expected, at, 10_000);
      }
      file.setLength(expected.length);
    }
    try (SourceTree tree = LocalSource.open(folder);
        SourceListing listing = root(tree).open();
        SourceReader reader =
            assertInstanceOf(SourceFile.class, listing.find("sparse").orElseThrow()).open()) {
      for (int limit : List.of(Integer.MAX_VALUE, 333_333)) {
        reader.seek(0);
        byte[] found = new byte[expected.length];
        int at = 0;
        long holes = 0;
        while (true) {
          long hole = reader.skipHole(limit);
          assertTrue(hole <= limit);
          at += (int) hole;
          holes += hole;
          int n = hole > 0 ? 0 : reader.read(found, at, Math.min(50_000, found.length - at));
          if (n < 0 || at + n == found.length) {
            break;
          }
          at += n;
        }
        assertArrayEquals(expected, found);
        assumeTrue(holes > 0, "a file system without holes");
        assertTrue(holes > 4_000_000, "holes of " + holes);
      }
    }
  }

  @Test
  void readsOneFileAsTheRoot() throws IOException {
    Path path = Files.writeString(folder.resolve("single"), "x");
    try (SourceTree tree = LocalSource.open(path)) {
      assertEquals("single", tree.root().name());
      assertArrayEquals(new byte[] {'x'}, read(assertInstanceOf(SourceFile.class, tree.root())));
    }
    IOException missing =
        assertThrows(IOException.class, () -> LocalSource.open(folder.resolve("none")));
    assertEquals(
        "unable to determine entry type: lstat "
            + folder.resolve("none")
            + ": no such file or directory",
        missing.getMessage());
  }

  @Test
  void makesADirectoryOfAStream() throws IOException {
    byte[] content = {1, 2, 3};
    Instant now = Instant.ofEpochSecond(1_700_000_000, 5);
    try (SourceTree tree =
        LocalSource.ofStream("/virtual", "dump.sql", new ByteArrayInputStream(content), now)) {
      assertEquals("/virtual", tree.root().name());
      assertEquals(0777, tree.root().status().permissions());
      // 1754-08-30T22:43:41.128654848Z: Go's zero time in 64 bits.
      assertEquals(-6795364578871345152L, tree.root().status().mtimeEpochNanos());
      try (SourceListing listing = root(tree).open()) {
        SourceStream stream = assertInstanceOf(SourceStream.class, listing.next());
        assertEquals("dump.sql", stream.name());
        assertArrayEquals(content, stream.open().readAllBytes());
        assertEquals(1_700_000_000_000_000_005L, stream.status().mtimeEpochNanos());
        assertEquals(null, listing.next());
      }
    }
  }
}
