package dev.longshore.engine.posix;

import java.lang.foreign.MemorySegment;

/// File calls that change something; terms as in [Posix], where files are opened and created.
public final class PosixChanges {
  private static final int AT_REMOVEDIR = 0x200;
  private static final long UTIME_OMIT = (1L << 30) - 2;

  private PosixChanges() {}

  /// Writes from a native segment, which nobody may free meanwhile, to a place in the file; returns
  /// the count, which may be short.
  public static int pwrite(int fd, MemorySegment source, long position) throws OsException {
    return Posix.transfer("write", SystemCall.PWRITE, fd, source, position);
  }

  /// Makes a call on an open file.
  private static void onFile(String what, SystemCall call, long a, long b, long c, long d)
      throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      frame.check(frame.call(call, a, b, c, d, 0), what, NativeFrame.NO_NAME);
    }
  }

  /// Sets the length of an open file.
  public static void ftruncate(int fd, long length) throws OsException {
    onFile("truncate", SystemCall.FTRUNCATE, fd, length, 0, 0);
  }

  /// Gives a range of an open file room, without writing: what was a hole reads as zeros still. The
  /// file grows if need be.
  ///
  /// @throws OsException `EOPNOTSUPP` where the file system cannot
  public static void allocate(int fd, long offset, long length) throws OsException {
    onFile("fallocate", SystemCall.FALLOCATE, fd, 0, offset, length);
  }

  /// Makes the bytes of an open file, or the names of an open directory, durable.
  public static void fsync(int fd) throws OsException {
    onFile("fsync", SystemCall.FSYNC, fd, 0, 0, 0);
  }

  /// Makes everything in the file system of an open file durable.
  public static void syncfs(int fd) throws OsException {
    onFile("syncfs", SystemCall.SYNCFS, fd, 0, 0, 0);
  }

  /// Sets the modification time of a name, and leaves its access time.
  ///
  /// @param nanos 0..999,999,999
  public static void utimensat(int directory, byte[] name, long seconds, int nanos)
      throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      long times = times(frame, seconds, nanos);
      int flags = Posix.AT_SYMLINK_NOFOLLOW;
      frame.check(
          frame.call(SystemCall.UTIMENSAT, directory, path, times, flags, 0), "utimensat", name);
    }
  }

  /// Sets the modification time of an open file, and leaves its access time.
  ///
  /// @param nanos 0..999,999,999
  public static void futimens(int fd, long seconds, int nanos) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long times = times(frame, seconds, nanos);
      // No path at all: the file itself.
      frame.check(
          frame.call(SystemCall.UTIMENSAT, fd, 0, times, 0, 0), "futimens", NativeFrame.NO_NAME);
    }
  }

  /// Two `struct timespec`: access time left as it is, modification time.
  private static long times(NativeFrame frame, long seconds, int nanos) {
    int place = frame.take(32);
    frame
        .bytes()
        .putLong(place, 0)
        .putLong(place + 8, UTIME_OMIT)
        .putLong(place + 16, seconds)
        .putLong(place + 24, nanos);
    return frame.address(place);
  }

  /// Sets owner and group of an open file.
  public static void fchown(int fd, int uid, int gid) throws OsException {
    onFile("chown", SystemCall.FCHOWN, fd, uid, gid, 0);
  }

  /// Sets owner and group of a name; of a symbolic link, the link's own (`lchown`).
  public static void fchownat(int directory, byte[] name, int uid, int gid) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      int flags = Posix.AT_SYMLINK_NOFOLLOW;
      frame.check(
          frame.call(SystemCall.FCHOWNAT, directory, path, uid, gid, flags), "lchown", name);
    }
  }

  /// Sets the permissions of an open file.
  public static void fchmod(int fd, int permissions) throws OsException {
    onFile("chmod", SystemCall.FCHMOD, fd, permissions, 0, 0);
  }

  /// Makes a symbolic link.
  public static void symlinkat(byte[] target, int directory, byte[] name) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long to = frame.text(target);
      long path = frame.text(name);
      frame.check(frame.call(SystemCall.SYMLINKAT, to, directory, path), "symlink", name);
    }
  }

  /// Gives an existing file a second name.
  public static void linkat(int directory, byte[] existing, int newDirectory, byte[] name)
      throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long from = frame.text(existing);
      long path = frame.text(name);
      frame.check(
          frame.call(SystemCall.LINKAT, directory, from, newDirectory, path, 0), "link", name);
    }
  }

  /// Makes a directory.
  public static void mkdirat(int directory, byte[] name, int permissions) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      frame.check(frame.call(SystemCall.MKDIRAT, directory, path, permissions), "mkdir", name);
    }
  }

  /// Makes a fifo, socket or device node.
  ///
  /// @param mode type bits and permissions
  /// @param device as in [FileStatus#specialDevice()]; 0 for a fifo or socket
  public static void mknodat(int directory, byte[] name, int mode, long device) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      long number = deviceNumber(device);
      frame.check(frame.call(SystemCall.MKNODAT, directory, path, mode, number, 0), "mknod", name);
    }
  }

  /// Removes a name.
  ///
  /// @param isDirectory it is an empty directory
  public static void unlinkat(int directory, byte[] name, boolean isDirectory) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      int flags = isDirectory ? AT_REMOVEDIR : 0;
      frame.check(frame.call(SystemCall.UNLINKAT, directory, path, flags), "unlink", name);
    }
  }

  /// Renames, replacing what has the new name.
  public static void renameat(int directory, byte[] name, int newDirectory, byte[] newName)
      throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long from = frame.text(name);
      long to = frame.text(newName);
      frame.check(
          frame.call(SystemCall.RENAMEAT, directory, from, newDirectory, to, 0), "rename", newName);
    }
  }

  /// The system's packing of major and minor number.
  private static long deviceNumber(long device) {
    long major = device >>> 32;
    long minor = device & 0xffffffffL;
    return ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12) | (minor & 0xffL);
  }
}
