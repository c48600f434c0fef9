package dev.longshore.engine.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// File calls relative to an open directory, by raw name; safe against symbolic links put in the
/// way, and exact for names that are no text. Linux on x86-64 or AArch64 only: ask [#isAvailable()]
/// first.
///
/// Descriptors are plain numbers, which the caller closes. Nothing here follows a symbolic link in
/// the last part of a name; names of one part, below an open directory, therefore follow none at
/// all. Calls block the carrier of a virtual thread. Thread-safe. A refusal is an [OsException].
public final class Posix {
  /// In place of a directory: names are relative to the working directory, or absolute.
  public static final int AT_FDCWD = -100;

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_TRUNC = 0x200;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_NOATIME = 0x40000;
  public static final int O_PATH = 0x200000;

  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
  public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

  /// Advice: the file will be read from start to end.
  public static final int ADVICE_SEQUENTIAL = 2;

  /// Advice: the pages read are not wanted again.
  public static final int ADVICE_DONTNEED = 4;

  /// Longest symbolic link target read, in bytes.
  public static final int MAX_LINK_TARGET = 4096;

  private static final int O_CLOEXEC = 0x80000;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int DIRENT_BYTES = 64 << 10;

  private static final long BLKGETSIZE64 = 0x80081272L;

  private Posix() {}

  /// Tells whether this system has the calls and lets the program use them.
  public static boolean isAvailable() {
    return Availability.AVAILABLE;
  }

  private static final class Availability {
    static final boolean AVAILABLE = probe();

    private static boolean probe() {
      String arch = System.getProperty("os.arch", "");
      if (!System.getProperty("os.name", "").equals("Linux")
          || !(arch.equals("amd64") || arch.equals("aarch64"))) {
        return false;
      }
      try {
        close(openat(AT_FDCWD, new byte[] {'/'}, O_RDONLY | O_DIRECTORY, 0));
        return true;
      } catch (OsException | LinkageError | RuntimeException e) {
        // Native access denied, a C library without a call, a sandbox: the callers have another
        // way.
        return false;
      }
    }
  }

  /// Receives the names of a directory.
  @FunctionalInterface
  public interface NameVisitor {
    /// @param name raw bytes, the visitor's to keep; never `.` or `..`
    /// @param kind what the listing says it is; [FileKind#UNKNOWN] if it does not say
    void visit(byte[] name, FileKind kind) throws OsException;
  }

  /// Opens a file; it is closed on exec.
  ///
  /// @param flags of this class; add [#O_NOFOLLOW] to refuse a symbolic link (`ELOOP`)
  /// @param mode permissions of a created file
  public static int openat(int directory, byte[] name, int flags, int mode) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment path = frame.text(name);
      int fd;
      do {
        fd = open(frame, directory, path, flags | O_CLOEXEC, mode);
      } while (fd < 0 && frame.errno() == Errno.EINTR);
      if (fd < 0) {
        throw frame.fault("open", name);
      }
      return fd;
    }
  }

  private static int open(
      NativeFrame frame, int directory, MemorySegment path, int flags, int mode) {
    try {
      return (int) NativeCalls.OPENAT.invokeExact(frame.state, directory, path, flags, mode);
    } catch (Throwable e) {
      throw NativeFrame.unexpected(e);
    }
  }

  /// Closes a descriptor. Faults of closing are of no use to a reader and are passed over; a writer
  /// calls [PosixChanges#fsync] before.
  public static void close(int fd) {
    try (NativeFrame frame = new NativeFrame()) {
      int ignored = (int) NativeCalls.CLOSE.invokeExact(frame.state, fd);
    } catch (Throwable e) {
      throw NativeFrame.unexpected(e);
    }
  }

  /// What a name is; of a symbolic link, the link itself (`lstat`).
  public static FileStatus fstatat(int directory, byte[] name) throws OsException {
    return statx("lstat", directory, name, AT_SYMLINK_NOFOLLOW);
  }

  /// What an open file is.
  public static FileStatus fstat(int fd) throws OsException {
    return statx("fstat", fd, NativeFrame.NO_NAME, AT_EMPTY_PATH);
  }

  private static FileStatus statx(String call, int directory, byte[] name, int flags)
      throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment path = frame.text(name);
      MemorySegment buffer = frame.take(StatxBuffer.BYTES);
      int result;
      try {
        result =
            (int)
                NativeCalls.STATX.invokeExact(
                    frame.state, directory, path, flags, StatxBuffer.BASIC_STATS, buffer);
      } catch (Throwable e) {
        throw NativeFrame.unexpected(e);
      }
      if (result != 0) {
        throw frame.fault(call, name);
      }
      return StatxBuffer.read(buffer);
    }
  }

  /// Visits all names of an open directory, from where its position is (the start after opening),
  /// in no order.
  public static void list(int directory, NameVisitor visitor) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment buffer = frame.take(DIRENT_BYTES);
      while (true) {
        long n;
        try {
          n =
              (long)
                  NativeCalls.GETDENTS64.invokeExact(
                      frame.state, directory, buffer, buffer.byteSize());
        } catch (Throwable e) {
          throw NativeFrame.unexpected(e);
        }
        if (n == 0) {
          return;
        }
        if (n < 0) {
          throw frame.fault("readdirent", NativeFrame.NO_NAME);
        }
        visitNames(buffer, n, visitor);
      }
    }
  }

  /// `struct linux_dirent64`: inode 8, offset 8, record length 2, type 1, name to the NUL.
  private static void visitNames(MemorySegment buffer, long length, NameVisitor visitor)
      throws OsException {
    for (long at = 0; at < length; ) {
      int recordLength = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16));
      int type = buffer.get(ValueLayout.JAVA_BYTE, at + 18);
      int nameLength = 0;
      while (buffer.get(ValueLayout.JAVA_BYTE, at + 19 + nameLength) != 0) {
        nameLength++;
      }
      byte[] name = new byte[nameLength];
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, at + 19, name, 0, nameLength);
      if (!isDots(name)) {
        // The type is the upper four of a mode's type bits.
        visitor.visit(name, FileKind.ofMode(type << 12));
      }
      at += recordLength;
    }
  }

  private static boolean isDots(byte[] name) {
    return (name.length == 1 && name[0] == '.')
        || (name.length == 2 && name[0] == '.' && name[1] == '.');
  }

  /// The target of a symbolic link, raw.
  public static byte[] readlinkat(int directory, byte[] name) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment path = frame.text(name);
      MemorySegment buffer = frame.take(MAX_LINK_TARGET);
      long n;
      try {
        n =
            (long)
                NativeCalls.READLINKAT.invokeExact(
                    frame.state, directory, path, buffer, buffer.byteSize());
      } catch (Throwable e) {
        throw NativeFrame.unexpected(e);
      }
      if (n < 0) {
        throw frame.fault("readlink", name);
      }
      return buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// Reads into a native segment from a place in the file; returns the count, 0 at its end.
  public static int pread(int fd, MemorySegment target, long position) throws OsException {
    return transfer("read", NativeCalls.PREAD, fd, target, position);
  }

  static int transfer(String call, MethodHandle handle, int fd, MemorySegment buffer, long position)
      throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      while (true) {
        long n;
        try {
          n = (long) handle.invokeExact(frame.state, fd, buffer, buffer.byteSize(), position);
        } catch (Throwable e) {
          throw NativeFrame.unexpected(e);
        }
        if (n >= 0) {
          return Math.toIntExact(n);
        }
        if (frame.errno() != Errno.EINTR) {
          throw frame.fault(call, NativeFrame.NO_NAME);
        }
      }
    }
  }

  /// Where data begins at or after `from`; -1 if there is none up to the end.
  public static long seekData(int fd, long from) throws OsException {
    return seek(fd, from, SEEK_DATA);
  }

  /// Where the next hole begins at or after `from`; the end of the file counts as one; -1 beyond
  /// it.
  public static long seekHole(int fd, long from) throws OsException {
    return seek(fd, from, SEEK_HOLE);
  }

  private static long seek(int fd, long from, int whence) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      long at;
      try {
        at = (long) NativeCalls.LSEEK.invokeExact(frame.state, fd, from, whence);
      } catch (Throwable e) {
        throw NativeFrame.unexpected(e);
      }
      if (at >= 0) {
        return at;
      }
      if (frame.errno() == Errno.ENXIO) {
        return -1;
      }
      throw frame.fault("seek", NativeFrame.NO_NAME);
    }
  }

  /// Tells the page cache how the file is used; a hint that cannot be taken is no fault.
  ///
  /// @param length bytes; 0 for all from `offset`
  /// @param advice [#ADVICE_SEQUENTIAL] or [#ADVICE_DONTNEED]
  public static void fadvise(int fd, long offset, long length, int advice) {
    try (NativeFrame frame = new NativeFrame()) {
      int ignored = (int) NativeCalls.FADVISE.invokeExact(frame.state, fd, offset, length, advice);
    } catch (Throwable e) {
      throw NativeFrame.unexpected(e);
    }
  }

  /// The length of an open block device in bytes.
  ///
  /// @throws OsException `ENOTTY` (25) if it is not one
  public static long blockDeviceSize(int fd) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment size = frame.take(ValueLayout.JAVA_LONG.byteSize());
      int result;
      try {
        result = (int) NativeCalls.IOCTL.invokeExact(frame.state, fd, BLKGETSIZE64, size);
      } catch (Throwable e) {
        throw NativeFrame.unexpected(e);
      }
      if (result != 0) {
        throw frame.fault("ioctl", NativeFrame.NO_NAME);
      }
      return size.get(ValueLayout.JAVA_LONG, 0);
    }
  }
}
