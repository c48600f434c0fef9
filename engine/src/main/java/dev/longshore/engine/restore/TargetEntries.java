package dev.longshore.engine.restore;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.Optional;

/// Makes names in open directories of the target, and settles what to do with what is there
/// already.
///
/// Nothing that exists is written into: it is kept, refused, or removed and made anew, so that
/// neither a symbolic nor a hard link carries bytes elsewhere.
final class TargetEntries {
  private static final int PRIVATE_FILE = 0600;
  private static final int PRIVATE_DIRECTORY = 0700;
  private static final int NEW_FILE =
      Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;

  private final RestoreOptions.Overwrite overwrite;

  TargetEntries(RestoreOptions.Overwrite overwrite) {
    this.overwrite = overwrite;
  }

  /// Makes a directory that only we can enter, or takes one that is there.
  ///
  /// @param mustBeNew nothing may be there: the snapshot has the name twice
  /// @return whether it was there
  boolean makeDirectory(int parent, byte[] name, boolean mustBeNew) throws IOException {
    try {
      PosixChanges.mkdirat(parent, name, PRIVATE_DIRECTORY);
      return false;
    } catch (OsException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    FileStatus there = Posix.fstatat(parent, name);
    if (mustBeNew) {
      throw twice(name);
    }
    return switch (there.kind()) {
      case DIRECTORY -> {
        if (!overwrite.directories() && !isEmpty(parent, name)) {
          throw new RefusedException("a directory that is not empty is there already");
        }
        yield true;
      }
      case SYMLINK -> {
        remove(parent, name, there);
        PosixChanges.mkdirat(parent, name, PRIVATE_DIRECTORY);
        yield false;
      }
      default -> throw new RefusedException("expected a directory, found " + text(there.kind()));
    };
  }

  private static boolean isEmpty(int parent, byte[] name) throws OsException {
    int fd = Posix.openat(parent, name, Posix.O_DIRECTORY | Posix.O_NOFOLLOW, 0);
    try {
      boolean[] found = new boolean[1];
      Posix.list(fd, (entry, kind) -> found[0] = true);
      return !found[0];
    } finally {
      Posix.close(fd);
    }
  }

  /// Makes a file that only we can read and write where nothing is, and opens it for writing.
  ///
  /// @throws OsException `EEXIST` if something is
  static int makeNew(int parent, byte[] name) throws OsException {
    return Posix.openat(parent, name, NEW_FILE, PRIVATE_FILE);
  }

  /// As [#makeNew], where something may be.
  ///
  /// @param mustBeNew nothing may be there: the snapshot has the name twice
  /// @return its descriptor
  int makeFile(int parent, byte[] name, boolean mustBeNew) throws IOException {
    try {
      return makeNew(parent, name);
    } catch (OsException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    makeWay(parent, name, mustBeNew);
    return makeNew(parent, name);
  }

  /// Makes a symbolic link.
  ///
  /// @param mustBeNew nothing may be there: the snapshot has the name twice
  void makeSymlink(int parent, byte[] name, byte[] linkTarget, boolean mustBeNew)
      throws IOException {
    try {
      PosixChanges.symlinkat(linkTarget, parent, name);
      return;
    } catch (OsException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    makeWay(parent, name, mustBeNew);
    PosixChanges.symlinkat(linkTarget, parent, name);
  }

  /// A name in an open directory.
  ///
  /// @param mustBeNew nothing may be there: the snapshot has the name twice
  record Place(int directory, String name, boolean mustBeNew) {}

  /// Gives a file of the target another name. A symbolic link is not followed, but gets the name
  /// itself.
  void makeLink(int directory, byte[] existing, Place place) throws IOException {
    byte[] name = RawText.encode(place.name);
    try {
      PosixChanges.linkat(directory, existing, place.directory, name);
      return;
    } catch (OsException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    makeWay(place.directory, name, place.mustBeNew);
    PosixChanges.linkat(directory, existing, place.directory, name);
  }

  /// Checks that a file may take a name, without making it.
  ///
  /// @param mustBeNew nothing may be there: the snapshot has the name twice
  void checkWay(int parent, byte[] name, boolean mustBeNew) throws IOException {
    Optional<FileStatus> there = status(parent, name);
    if (there.isPresent()) {
      check(there.get(), name, mustBeNew);
    }
  }

  private void makeWay(int parent, byte[] name, boolean mustBeNew) throws IOException {
    FileStatus there = Posix.fstatat(parent, name);
    check(there, name, mustBeNew);
    PosixChanges.unlinkat(parent, name, false);
  }

  private void check(FileStatus there, byte[] name, boolean mustBeNew) throws IOException {
    if (mustBeNew) {
      throw twice(name);
    }
    switch (there.kind()) {
      case DIRECTORY ->
          throw new RefusedException("a directory is there already, and is not replaced");
      case SYMLINK -> {
        if (!overwrite.symlinks()) {
          throw new RefusedException("a symbolic link is there already");
        }
      }
      default -> {
        if (!overwrite.files()) {
          throw new RefusedException(text(there.kind()) + " is there already");
        }
      }
    }
  }

  private void remove(int parent, byte[] name, FileStatus there) throws IOException {
    check(there, name, false);
    PosixChanges.unlinkat(parent, name, false);
  }

  private static RefusedException twice(byte[] name) {
    return new RefusedException(
        "the snapshot has " + RawText.display(RawText.decode(name)) + " twice in one directory");
  }

  /// What has a name; empty if nothing has.
  static Optional<FileStatus> status(int parent, byte[] name) throws OsException {
    try {
      return Optional.of(Posix.fstatat(parent, name));
    } catch (OsException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String text(FileKind kind) {
    return switch (kind) {
      case REGULAR -> "a file";
      case DIRECTORY -> "a directory";
      case SYMLINK -> "a symbolic link";
      case FIFO -> "a pipe";
      case SOCKET -> "a socket";
      case CHARACTER_DEVICE, BLOCK_DEVICE -> "a device";
      case UNKNOWN -> "something unknown";
    };
  }
}
