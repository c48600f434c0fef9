package dev.longshore.engine.restore;

import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Deletes what is in a directory of the target but not in the snapshot, or there as another kind.
///
/// Holds the names of one directory. Nothing is deleted where the snapshot's directory cannot be
/// read to its end; other file systems mounted in the target are not gone into.
final class ExtraEntries {
  private final ObjectReader objects;
  private final RestoreTally tally;

  ExtraEntries(ObjectReader objects, RestoreTally tally) {
    this.objects = objects;
    this.tally = tally;
  }

  /// Deletes from an open directory.
  void delete(DirectoryNode directory, int fd) throws IOException {
    Map<String, Boolean> wanted = new HashMap<>();
    try (InputStream in = objects.open(directory.entry.objectId());
        DirectoryReader reader = new DirectoryReader(in)) {
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        String name = RawText.decode(RawText.encode(entry.name()));
        wanted.put(name, entry.type() == EntryType.DIRECTORY);
      }
    }
    long device = Posix.fstat(fd).device();
    for (byte[] name : names(fd)) {
      String text = RawText.decode(name);
      try {
        FileStatus there = Posix.fstatat(fd, name);
        boolean isDirectory = there.kind() == FileKind.DIRECTORY;
        Boolean asDirectory = wanted.get(text);
        if (asDirectory == null || asDirectory != isDirectory) {
          delete(fd, name, there, device);
        }
      } catch (IOException e) {
        tally.failed(directory.path(text), e);
      }
    }
  }

  private static List<byte[]> names(int directory) throws OsException {
    int fd = Posix.openat(directory, new byte[] {'.'}, Posix.O_DIRECTORY, 0);
    try {
      List<byte[]> names = new ArrayList<>();
      Posix.list(fd, (name, kind) -> names.add(name));
      return names;
    } finally {
      Posix.close(fd);
    }
  }

  private void delete(int directory, byte[] name, FileStatus there, long device)
      throws IOException {
    if (there.kind() != FileKind.DIRECTORY) {
      PosixChanges.unlinkat(directory, name, false);
      (there.kind() == FileKind.SYMLINK ? tally.deletedSymlinks : tally.deletedFiles).increment();
      return;
    }
    deleteTree(directory, name, device);
    tally.deletedDirectories.increment();
  }

  private static void deleteTree(int directory, byte[] name, long device) throws IOException {
    int fd = Posix.openat(directory, name, Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
    try {
      if (Posix.fstat(fd).device() != device) {
        throw new RefusedException("another file system is mounted there; it is not deleted");
      }
      for (byte[] child : names(fd)) {
        if (Posix.fstatat(fd, child).kind() == FileKind.DIRECTORY) {
          deleteTree(fd, child, device);
        } else {
          PosixChanges.unlinkat(fd, child, false);
        }
      }
    } finally {
      Posix.close(fd);
    }
    PosixChanges.unlinkat(directory, name, true);
  }
}
