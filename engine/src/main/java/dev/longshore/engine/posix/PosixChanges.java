package dev.longshore.engine.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// File calls that change something; terms as in [Posix], where files are opened and created.
public final class PosixChanges {
  private static final int AT_REMOVEDIR = 0x200;
  private static final int KEEP_SIZE_PUNCH_HOLE = 1 | 2;
  private static final long UTIME_OMIT = (1L << 30) - 2;

  private PosixChanges() {}

  /// Writes from a native segment to a place in the file; returns the count, which may be short.
  public static int pwrite(int fd, MemorySegment source, long position) throws OsException {
    return Posix.transfer("write", NativeCalls.PWRITE, fd, source, position);
  }

  /// Sets the length of an open file.
  public static void ftruncate(int fd, long length) throws OsException {
    NativeFrame.run(
        "truncate",
        NativeFrame.NO_NAME,
        frame -> (int) NativeCalls.FTRUNCATE.invokeExact(frame.state, fd, length));
  }

  /// Makes a range of an open file a hole, keeping its length.
  ///
  /// @throws OsException `EOPNOTSUPP` where the file system has no holes
  public static void punchHole(int fd, long offset, long length) throws OsException {
    NativeFrame.run(
        "fallocate",
        NativeFrame.NO_NAME,
        frame ->
            (int)
                NativeCalls.FALLOCATE.invokeExact(
                    frame.state, fd, KEEP_SIZE_PUNCH_HOLE, offset, length));
  }

  /// Gives a range of an open file room, without writing: what was a hole reads as zeros still. The
  /// file grows if need be.
  ///
  /// @throws OsException `EOPNOTSUPP` where the file system cannot
  public static void allocate(int fd, long offset, long length) throws OsException {
    NativeFrame.run(
        "fallocate",
        NativeFrame.NO_NAME,
        frame -> (int) NativeCalls.FALLOCATE.invokeExact(frame.state, fd, 0, offset, length));
  }

  /// Makes the bytes of an open file, or the names of an open directory, durable.
  public static void fsync(int fd) throws OsException {
    NativeFrame.run(
        "fsync",
        NativeFrame.NO_NAME,
        frame -> (int) NativeCalls.FSYNC.invokeExact(frame.state, fd));
  }

  /// Sets the modification time of a name, and leaves its access time.
  ///
  /// @param nanos 0..999,999,999
  public static void utimensat(int directory, byte[] name, long seconds, int nanos)
      throws OsException {
    NativeFrame.run(
        "utimensat",
        name,
        frame -> {
          MemorySegment path = frame.text(name);
          MemorySegment times = times(frame, seconds, nanos);
          return (int)
              NativeCalls.UTIMENSAT.invokeExact(
                  frame.state, directory, path, times, Posix.AT_SYMLINK_NOFOLLOW);
        });
  }

  /// Sets the modification time of an open file, and leaves its access time.
  ///
  /// @param nanos 0..999,999,999
  public static void futimens(int fd, long seconds, int nanos) throws OsException {
    NativeFrame.run(
        "futimens",
        NativeFrame.NO_NAME,
        frame -> {
          MemorySegment times = times(frame, seconds, nanos);
          return (int) NativeCalls.FUTIMENS.invokeExact(frame.state, fd, times);
        });
  }

  /// Two `struct timespec`: access time left as it is, modification time.
  private static MemorySegment times(NativeFrame frame, long seconds, int nanos) {
    MemorySegment times = frame.take(32);
    times.set(ValueLayout.JAVA_LONG, 8, UTIME_OMIT);
    times.set(ValueLayout.JAVA_LONG, 16, seconds);
    times.set(ValueLayout.JAVA_LONG, 24, (long) nanos);
    return times;
  }

  /// Sets owner and group of an open file.
  public static void fchown(int fd, int uid, int gid) throws OsException {
    NativeFrame.run(
        "chown",
        NativeFrame.NO_NAME,
        frame -> (int) NativeCalls.FCHOWN.invokeExact(frame.state, fd, uid, gid));
  }

  /// Sets owner and group of a name; of a symbolic link, the link's own (`lchown`).
  public static void fchownat(int directory, byte[] name, int uid, int gid) throws OsException {
    NativeFrame.run(
        "lchown",
        name,
        frame -> {
          MemorySegment path = frame.text(name);
          return (int)
              NativeCalls.FCHOWNAT.invokeExact(
                  frame.state, directory, path, uid, gid, Posix.AT_SYMLINK_NOFOLLOW);
        });
  }

  /// Sets the permissions of an open file.
  public static void fchmod(int fd, int permissions) throws OsException {
    NativeFrame.run(
        "chmod",
        NativeFrame.NO_NAME,
        frame -> (int) NativeCalls.FCHMOD.invokeExact(frame.state, fd, permissions));
  }

  /// Sets the permissions of a name. A symbolic link has none: `EOPNOTSUPP`.
  public static void fchmodat(int directory, byte[] name, int permissions) throws OsException {
    NativeFrame.run(
        "chmod",
        name,
        frame -> {
          MemorySegment path = frame.text(name);
          return (int)
              NativeCalls.FCHMODAT.invokeExact(
                  frame.state, directory, path, permissions, Posix.AT_SYMLINK_NOFOLLOW);
        });
  }

  /// Makes a symbolic link.
  public static void symlinkat(byte[] target, int directory, byte[] name) throws OsException {
    NativeFrame.run(
        "symlink",
        name,
        frame -> {
          MemorySegment to = frame.text(target);
          MemorySegment path = frame.text(name);
          return (int) NativeCalls.SYMLINKAT.invokeExact(frame.state, to, directory, path);
        });
  }

  /// Gives an existing file a second name.
  public static void linkat(int directory, byte[] existing, int newDirectory, byte[] name)
      throws OsException {
    NativeFrame.run(
        "link",
        name,
        frame -> {
          MemorySegment from = frame.text(existing);
          MemorySegment path = frame.text(name);
          return (int)
              NativeCalls.LINKAT.invokeExact(frame.state, directory, from, newDirectory, path, 0);
        });
  }

  /// Makes a directory.
  public static void mkdirat(int directory, byte[] name, int permissions) throws OsException {
    NativeFrame.run(
        "mkdir",
        name,
        frame -> {
          MemorySegment path = frame.text(name);
          return (int) NativeCalls.MKDIRAT.invokeExact(frame.state, directory, path, permissions);
        });
  }

  /// Makes a fifo, socket or device node.
  ///
  /// @param mode type bits and permissions
  /// @param device as in [FileStatus#specialDevice()]; 0 for a fifo or socket
  public static void mknodat(int directory, byte[] name, int mode, long device) throws OsException {
    NativeFrame.run(
        "mknod",
        name,
        frame -> {
          MemorySegment path = frame.text(name);
          long number = deviceNumber(device);
          return (int) NativeCalls.MKNODAT.invokeExact(frame.state, directory, path, mode, number);
        });
  }

  /// Removes a name.
  ///
  /// @param isDirectory it is an empty directory
  public static void unlinkat(int directory, byte[] name, boolean isDirectory) throws OsException {
    NativeFrame.run(
        "unlink",
        name,
        frame -> {
          MemorySegment path = frame.text(name);
          int flags = isDirectory ? AT_REMOVEDIR : 0;
          return (int) NativeCalls.UNLINKAT.invokeExact(frame.state, directory, path, flags);
        });
  }

  /// Renames, replacing what has the new name.
  public static void renameat(int directory, byte[] name, int newDirectory, byte[] newName)
      throws OsException {
    NativeFrame.run(
        "rename",
        newName,
        frame -> {
          MemorySegment from = frame.text(name);
          MemorySegment to = frame.text(newName);
          return (int)
              NativeCalls.RENAMEAT.invokeExact(frame.state, directory, from, newDirectory, to);
        });
  }

  /// glibc's packing of major and minor number.
  private static long deviceNumber(long device) {
    long major = device >>> 32;
    long minor = device & 0xffffffffL;
    return ((major & 0xfffff000L) << 32)
        | ((major & 0xfffL) << 8)
        | ((minor & 0xffffff00L) << 12)
        | (minor & 0xffL);
  }
}
