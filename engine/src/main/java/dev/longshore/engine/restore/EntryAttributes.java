package dev.longshore.engine.restore;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.GoFileMode;
import java.util.function.Supplier;

/// Gives restored entries their owner, extended attributes, permissions and time, in this order: a
/// change of owner takes setuid, setgid and capabilities away, an access-control list changes
/// permissions, and writing an attribute needs the permission to write, which files in the making
/// have.
final class EntryAttributes {
  private static final int SET_IDS = 06000;
  private static final long NANOS = 1_000_000_000L;

  private final RestoreOptions options;
  private final RestoreTally tally;
  private final ExtraAttributes extras;

  EntryAttributes(RestoreOptions options, RestoreTally tally, ExtraAttributes extras) {
    this.options = options;
    this.tally = tally;
    this.extras = extras;
  }

  /// Extended attributes alone.
  ExtraAttributes extras() {
    return extras;
  }

  /// Sets what differs on an open file or directory.
  ///
  /// @param clearedBits permissions that are left out
  void apply(int fd, DirEntry entry, int clearedBits, Supplier<String> path) throws OsException {
    FileStatus now = Posix.fstat(fd);
    boolean owned = now.uid() == (int) entry.uid() && now.gid() == (int) entry.gid();
    boolean changed = false;
    if (!owned && !options.skip().owners()) {
      try {
        PosixChanges.fchown(fd, (int) entry.uid(), (int) entry.gid());
        owned = true;
        changed = true;
      } catch (OsException e) {
        refused(e, RestoreIssue.Kind.OWNER, path);
      }
    }
    changed |= extras.apply(fd, entry, owned || options.skip().owners(), path);
    if (!options.skip().permissions()) {
      int wanted = GoFileMode.toUnix(entry.mode()) & ~clearedBits;
      setPermissions(fd, wanted, owned, changed || wanted != now.permissions(), path);
    }
    if (!options.skip().times() && now.mtimeEpochNanos() != entry.mtimeNanos()) {
      long seconds = Math.floorDiv(entry.mtimeNanos(), NANOS);
      try {
        PosixChanges.futimens(fd, seconds, (int) Math.floorMod(entry.mtimeNanos(), NANOS));
      } catch (OsException e) {
        refused(e, RestoreIssue.Kind.TIME, path);
      }
    }
  }

  /// A program that was to run as somebody else must not come to run as whoever restores it.
  private void setPermissions(
      int fd, int wanted, boolean owned, boolean differ, Supplier<String> path) throws OsException {
    int allowed = owned || options.skip().owners() ? wanted : wanted & ~SET_IDS;
    if (differ) {
      try {
        PosixChanges.fchmod(fd, allowed);
      } catch (OsException e) {
        refused(e, RestoreIssue.Kind.PERMISSIONS, path);
        return;
      }
    }
    // The system drops setgid in silence where the group is not the caller's.
    if ((wanted & SET_IDS) != 0 && Posix.fstat(fd).permissions() != wanted) {
      tally.issue(
          path.get(),
          RestoreIssue.Kind.PERMISSIONS,
          "permissions %04o without setuid and setgid, as its owner is another".formatted(wanted));
    }
  }

  /// Sets owner and time of a symbolic link; it has no permissions of its own.
  void applyToLink(int directory, byte[] name, DirEntry entry, Supplier<String> path)
      throws OsException {
    FileStatus now = Posix.fstatat(directory, name);
    boolean owned = now.uid() == (int) entry.uid() && now.gid() == (int) entry.gid();
    if (!owned && !options.skip().owners()) {
      try {
        PosixChanges.fchownat(directory, name, (int) entry.uid(), (int) entry.gid());
      } catch (OsException e) {
        refused(e, RestoreIssue.Kind.OWNER, path);
      }
    }
    extras.applyToLink(directory, name, entry, path);
    if (!options.skip().times() && now.mtimeEpochNanos() != entry.mtimeNanos()) {
      long seconds = Math.floorDiv(entry.mtimeNanos(), NANOS);
      int nanos = (int) Math.floorMod(entry.mtimeNanos(), NANOS);
      try {
        PosixChanges.utimensat(directory, name, seconds, nanos);
      } catch (OsException e) {
        refused(e, RestoreIssue.Kind.TIME, path);
      }
    }
  }

  private void refused(OsException fault, RestoreIssue.Kind kind, Supplier<String> path)
      throws OsException {
    boolean permission = fault.errno() == Errno.EPERM || fault.errno() == Errno.EACCES;
    if (!permission || !options.ignorePermissionErrors()) {
      throw fault;
    }
    tally.issue(path.get(), kind, fault.call() + ": " + fault.reason());
  }
}
