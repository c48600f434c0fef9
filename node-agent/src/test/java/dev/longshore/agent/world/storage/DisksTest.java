package dev.longshore.agent.world.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Storage copies what file systems let it copy.
class DisksTest {
  @TempDir Path folder;

  @Test
  void copiesTreeWithLinksModesAndTimes() throws IOException {
    Disks disks = Disks.in(folder);
    Disks.Disk disk = disks.create(new Disks.Order("pv", false, 1 << 20));
    Path nested = Files.createDirectory(disk.path().resolve("nested"));
    Path file = Files.writeString(nested.resolve("file"), "text");
    Files.createLink(disk.path().resolve("hard"), file);
    Files.createSymbolicLink(disk.path().resolve("soft"), Path.of("nested/file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(nested, PosixFilePermissions.fromString("r-xr-x---"));
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(nested, old);

    Disks.Disk snapshot = disks.snapshot(disk.handle(), "content");
    Path copy = disks.restore(snapshot.handle(), new Disks.Order("pv-2", false, 1 << 20)).path();
    assertEquals("text", Files.readString(copy.resolve("nested/file")));
    assertTrue(Files.isSameFile(copy.resolve("hard"), copy.resolve("nested/file")));
    assertEquals(Path.of("nested/file"), Files.readSymbolicLink(copy.resolve("soft")));
    assertEquals(
        "rw-r-----",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.resolve("nested/file"))));
    assertEquals(old, Files.getLastModifiedTime(copy.resolve("nested")));
    disks.delete(disk.handle());
    assertFalse(Files.exists(disk.path()));
  }

  @Test
  void copiesImageWithItsHoles() throws IOException {
    Disks disks = Disks.in(folder);
    int size = (1 << 20) + 1;
    Disks.Disk disk = disks.create(new Disks.Order("pv", true, size));
    byte[] bytes = new byte[size];
    bytes[70_000] = 1;
    bytes[size - 1] = 2;
    Files.write(disk.path(), bytes);
    Disks.Disk snapshot = disks.snapshot(disk.handle(), "content");
    Disks.Disk copy = disks.restore(snapshot.handle(), new Disks.Order("pv-2", true, size));
    assertArrayEquals(bytes, Files.readAllBytes(copy.path()));
    assertTrue(disks.hasClones(snapshot.handle()));
  }
}
