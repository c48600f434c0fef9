package dev.longshore.engine.restore;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.function.Supplier;

/// Kopia's placeholders of entries that a shallow restore leaves out: the entry's JSON in the file
/// `NAME.kopia-entry`, or for a directory in `NAME.kopia-entry/.kopia-entry`.
///
/// Source: kopia 4ebb2be6c `fs/localfs/shallow_fs.go`, `snapshot/restore/shallow_fs_output.go`.
final class Placeholders {
  private static final String SUFFIX = DirEntry.PLACEHOLDER_SUFFIX;
  private static final int MAX_NAME_BYTES = 255;
  private static final int WRITE_BITS = 0222;

  private final EntryAttributes attributes;

  Placeholders(EntryAttributes attributes) {
    this.attributes = attributes;
  }

  /// Tells whether the name leaves room for the suffix.
  static boolean isPossible(DirEntry entry) {
    return RawText.encode(entry.name()).length + SUFFIX.length() <= MAX_NAME_BYTES;
  }

  /// Writes a placeholder with the entry's owner, time and permissions to read.
  void write(int directory, DirEntry entry, Supplier<String> path) throws IOException {
    if (TargetEntries.status(directory, RawText.encode(entry.name())).isPresent()) {
      throw new RefusedException("is there already, so there can be no placeholder for it");
    }
    byte[] name = RawText.encode(entry.name() + SUFFIX);
    if (entry.type() != EntryType.DIRECTORY) {
      writeFile(directory, name, entry, path);
      return;
    }
    try {
      PosixChanges.mkdirat(directory, name, 0700);
    } catch (OsException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    int inner = Posix.openat(directory, name, Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
    try {
      writeFile(inner, RawText.encode(SUFFIX), entry, path);
    } finally {
      Posix.close(inner);
    }
  }

  private void writeFile(int directory, byte[] name, DirEntry entry, Supplier<String> path)
      throws IOException {
    GoJsonWriter json = new GoJsonWriter();
    entry.writeTo(json);
    byte[] text = json.newline().toByteArray();
    int fd =
        new TargetEntries(RestoreOptions.DEFAULTS.overwrite()).makeFile(directory, name, false);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(text.length);
      MemorySegment.copy(text, 0, bytes, ValueLayout.JAVA_BYTE, 0, text.length);
      if (PosixChanges.pwrite(fd, bytes, 0) != text.length) {
        throw new OsException("write", name, Errno.EIO);
      }
      attributes.apply(fd, entry, WRITE_BITS, path);
    } finally {
      Posix.close(fd);
    }
  }

  /// Removes the placeholder of an entry that has been restored, if there is one.
  static void remove(int directory, DirEntry entry) throws OsException {
    if (!isPossible(entry)) {
      return;
    }
    byte[] name = RawText.encode(entry.name() + SUFFIX);
    Optional<FileStatus> there = TargetEntries.status(directory, name);
    if (there.isEmpty()) {
      return;
    }
    if (there.get().kind() != FileKind.DIRECTORY) {
      PosixChanges.unlinkat(directory, name, false);
      return;
    }
    int inner = Posix.openat(directory, name, Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
    try {
      PosixChanges.unlinkat(inner, RawText.encode(SUFFIX), false);
    } catch (OsException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    } finally {
      Posix.close(inner);
    }
    PosixChanges.unlinkat(directory, name, true);
  }
}
