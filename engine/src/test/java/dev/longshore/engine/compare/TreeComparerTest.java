package dev.longshore.engine.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.directory.DirEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeComparerTest {
  private static final long TIME = 1_700_000_000_120_000_000L;

  private final MemoryTree tree = new MemoryTree();
  private final List<String> lines = new ArrayList<>();

  private DirEntry file(String name, String body, int mode, long time) {
    return tree.file(name, body.getBytes(StandardCharsets.UTF_8), mode, time);
  }

  private DirEntry directory(String name, DirEntry... entries) {
    return tree.directory(name, 0755, TIME, entries);
  }

  private DifferenceStats compare(DirEntry oldRoot, DirEntry newRoot) throws IOException {
    return new TreeComparer(tree)
        .compare(oldRoot, newRoot, difference -> lines.add(DifferenceText.of(difference)));
  }

  @Test
  void sameObjectsDifferInMetadataOnly() throws IOException {
    DirEntry oldRoot = directory("a", file("f", "x", 0644, TIME), file("g", "y", 0644, TIME));
    DirEntry newRoot =
        tree.directory("b", 0700, TIME, file("f", "x", 0600, TIME + 1), file("g", "y", 0644, TIME));

    DifferenceStats stats = compare(oldRoot, newRoot);

    assertEquals(List.of(". modes differ: drwxr-xr-x drwx------"), lines);
    assertEquals(
        "{\"fileEntries\":{\"added\":0,\"removed\":0,\"modified\":0,"
            + "\"sameContentButDifferentMetadata\":1,\"sameContentButDifferentMode\":1,"
            + "\"sameContentButDifferentModificationTime\":1,"
            + "\"sameContentButDifferentUserOwner\":0,\"sameContentButDifferentGroupOwner\":0},"
            + "\"directoryEntries\":{\"added\":0,\"removed\":0,\"modified\":1,"
            + "\"sameContentButDifferentMetadata\":0,\"sameContentButDifferentMode\":0,"
            + "\"sameContentButDifferentModificationTime\":0,"
            + "\"sameContentButDifferentUserOwner\":0,\"sameContentButDifferentGroupOwner\":0}}",
        stats.toJson());
  }

  @Test
  void tellsWhatWasAddedRemovedAndChanged() throws IOException {
    DirEntry oldRoot =
        directory(
            "a",
            file("changed", "one", 04755, TIME),
            file("removed", "123", 0644, TIME),
            directory("gone", file("in", "4", 0644, TIME)),
            directory("turns", file("in", "5", 0644, TIME)),
            file("becomes", "6", 0644, TIME));
    DirEntry newRoot =
        directory(
            "b",
            file("changed", "three", 0755, 0),
            directory("new", file("in", "4", 0644, TIME), tree.symlink("l", "x", TIME)),
            file("turns", "7", 0644, TIME),
            tree.directory("becomes", 01777, TIME, file("in", "8", 0644, TIME)));

    DifferenceStats stats = compare(oldRoot, newRoot);

    assertEquals(
        List.of(
            "./changed modes differ: urwxr-xr-x -rwxr-xr-x",
            "./changed sizes differ: 3 5",
            "./changed modification times differ: 2023-11-14 22:13:20.12 +0000 UTC"
                + " 1970-01-01 00:00:00 +0000 UTC",
            "changed ./changed at 1970-01-01 00:00:00 +0000 UTC (size 3 -> 5)",
            "./becomes modes differ: -rw-r--r-- dtrwxrwxrwx",
            "./becomes sizes differ: 1 0",
            "changed ./becomes from non-directory to a directory",
            "added directory ./new",
            "added file ./new/in (1 bytes)",
            "added file ./new/l (1 bytes)",
            "./turns modes differ: drwxr-xr-x -rw-r--r--",
            "./turns sizes differ: 0 1",
            "changed ./turns from directory to non-directory",
            "removed directory ./gone",
            "removed file ./gone/in (1 bytes)",
            "removed file ./removed (3 bytes)"),
        lines);
    assertEquals(2, stats.files().added());
    assertEquals(2, stats.files().removed());
    assertEquals(4, stats.files().modified());
    assertEquals(1, stats.directories().added());
    assertEquals(1, stats.directories().removed());
  }

  @Test
  void findsPartnersInDirectoriesOutOfOrder() throws IOException {
    DirEntry a = file("a", "1", 0644, TIME);
    DirEntry b = file("b", "2", 0644, TIME);
    DirEntry c = file("c", "3", 0644, TIME);

    DifferenceStats stats =
        compare(tree.hostileDirectory("x", c, a, b), tree.hostileDirectory("y", b, c, a));

    assertEquals(List.of(), lines);
    assertEquals(0, stats.files().metadataOnly());
  }

  @Test
  void refusesFilesAndDamagedDirectories() {
    DirEntry good = directory("d", file("f", "x", 0644, TIME));
    DirEntry bad = directory("e", file("g", "x", 0644, TIME));
    tree.damage(bad.objectId());

    assertThrows(DamagedException.class, () -> compare(good, bad));
    assertThrows(IllegalArgumentException.class, () -> compare(good, file("f", "x", 0644, TIME)));
  }

  @Test
  void showsWhatChangedInsideFiles() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DirEntry oldRoot = directory("a", directory("d", file("f", "one\n", 0644, TIME)));
    DirEntry newRoot =
        directory(
            "a", directory("d", file("f", "two\n", 0644, TIME), file("g", "new\n", 0644, TIME)));
    Path folder;

    try (FileDiff diff = new FileDiff(tree, List.of("diff", "-u"), out)) {
      folder = diff.folder();
      new TreeComparer(tree).compare(oldRoot, newRoot, diff);
    }

    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("--- old/d/f"), text);
    assertTrue(text.contains("-one\n+two\n"), text);
    assertTrue(text.contains("--- /dev/null") && text.contains("+++ new/d/g"), text);
    assertFalse(Files.exists(folder));
  }

  @Test
  void hostileNamesDoNotLeaveTheFolder() throws IOException {
    DirEntry evil = file("../../escaped", "x", 0644, TIME);
    DirEntry newRoot = tree.hostileDirectory("b", evil);

    try (FileDiff diff = new FileDiff(tree, List.of("true"), new ByteArrayOutputStream())) {
      assertThrows(
          DamagedException.class,
          () -> new TreeComparer(tree).compare(directory("a"), newRoot, diff));
      assertFalse(Files.exists(diff.folder().resolveSibling("escaped")));
    }
  }
}
