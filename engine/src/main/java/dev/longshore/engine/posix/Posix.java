package dev.longshore.engine.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

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

  static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
  public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
  public static final int O_DIRECT = ARM ? 0x10000 : 0x4000;

  /// Advice: the file will be read here and there.
  public static final int ADVICE_RANDOM = 1;

  /// Advice: the file will be read from start to end.
  public static final int ADVICE_SEQUENTIAL = 2;

  /// Advice: the pages read are not wanted again.
  public static final int ADVICE_DONTNEED = 4;

  /// Longest symbolic link target read, in bytes.
  public static final int MAX_LINK_TARGET = 4096;

  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int O_CLOEXEC = 0x80000;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int RWF_NOWAIT = 8;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

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
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      long fd;
      do {
        fd = frame.call(SystemCall.OPENAT, directory, path, flags | O_CLOEXEC, mode, 0);
      } while (fd < 0 && frame.errno() == Errno.EINTR);
      if (fd < 0) {
        throw frame.fault("open", name);
      }
      return (int) fd;
    }
  }

  /// Opens a file by its path, with the faults of `java.nio` where it has names for them.
  ///
  /// @throws NoSuchFileException if it is not there
  /// @throws AccessDeniedException if this user may not
  public static int open(Path path, int flags) throws IOException {
    byte[] name = path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    try {
      return openat(AT_FDCWD, name, flags, 0);
    } catch (OsException e) {
      throw switch (e.errno()) {
        case Errno.ENOENT -> new NoSuchFileException(path.toString());
        case Errno.EACCES -> new AccessDeniedException(path.toString());
        default -> e;
      };
    }
  }

  /// Closes a descriptor. Faults of closing are of no use to a reader and are passed over; a writer
  /// calls [PosixChanges#fsync] before.
  public static void close(int fd) {
    try (NativeFrame frame = NativeFrame.open()) {
      frame.call(SystemCall.CLOSE, fd, 0, 0);
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
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      int result = frame.take(StatxBuffer.BYTES);
      frame.check(
          frame.call(
              SystemCall.STATX,
              directory,
              path,
              flags,
              StatxBuffer.BASIC_STATS,
              frame.address(result)),
          call,
          name);
      return StatxBuffer.read(frame.bytes(), result);
    }
  }

  /// Visits all names of an open directory, from where its position is (the start after opening),
  /// in no order.
  public static void list(int directory, NameVisitor visitor) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      int place = frame.take(NativeFrame.RESULT_BYTES);
      while (true) {
        long n =
            frame.call(
                SystemCall.GETDENTS64, directory, frame.address(place), NativeFrame.RESULT_BYTES);
        if (n == 0) {
          return;
        }
        if (n < 0) {
          throw frame.fault("readdirent", NativeFrame.NO_NAME);
        }
        byte[] records = new byte[(int) n];
        frame.bytes().get(place, records);
        visitNames(records, visitor);
      }
    }
  }

  /// `struct linux_dirent64`: inode 8, offset 8, record length 2, type 1, name to the NUL.
  private static void visitNames(byte[] records, NameVisitor visitor) throws OsException {
    ByteBuffer lengths = ByteBuffer.wrap(records).order(ByteOrder.nativeOrder());
    for (int at = 0; at < records.length; ) {
      int start = at + 19;
      int end = start;
      while (records[end] != 0) {
        end++;
      }
      if (!isDots(records, start, end)) {
        // The type is the upper four of a mode's type bits.
        visitor.visit(
            Arrays.copyOfRange(records, start, end), FileKind.ofMode(records[at + 18] << 12));
      }
      at += Short.toUnsignedInt(lengths.getShort(at + 16));
    }
  }

  private static boolean isDots(byte[] records, int start, int end) {
    int length = end - start;
    return length <= 2 && records[start] == '.' && records[end - 1] == '.';
  }

  /// The target of a symbolic link, raw.
  public static byte[] readlinkat(int directory, byte[] name) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(name);
      int result = frame.take(MAX_LINK_TARGET);
      long n =
          frame.call(
              SystemCall.READLINKAT, directory, path, frame.address(result), MAX_LINK_TARGET, 0);
      if (n < 0) {
        throw frame.fault("readlink", name);
      }
      byte[] target = new byte[(int) n];
      frame.bytes().get(result, target);
      return target;
    }
  }

  /// Reads into a native segment, which nobody may free meanwhile, from a place in the file;
  /// returns the count, 0 at its end.
  public static int pread(int fd, MemorySegment target, long position) throws OsException {
    return transfer("read", SystemCall.PREAD, fd, target, position);
  }

  /// As [#pread], but only what the page cache holds: the count, which may be short, 0 at the end
  /// of the file.
  ///
  /// @throws OsException `EAGAIN` if the first byte is not in the cache, `EOPNOTSUPP` or `ENOSYS`
  ///   where one cannot ask
  public static int preadCached(int fd, MemorySegment target, long position) throws OsException {
    if (!target.isNative() || !target.scope().isAlive()) {
      throw new IllegalArgumentException("no native memory to read");
    }
    try (NativeFrame frame = NativeFrame.open()) {
      int vector = frame.take(2 * Long.BYTES);
      frame.bytes().putLong(vector, target.address());
      frame.bytes().putLong(vector + Long.BYTES, target.byteSize());
      while (true) {
        long n =
            frame.call(SystemCall.PREADV2, fd, frame.address(vector), 1, position, 0, RWF_NOWAIT);
        if (n >= 0) {
          return Math.toIntExact(n);
        }
        if (frame.errno() != Errno.EINTR) {
          throw frame.fault("read", NativeFrame.NO_NAME);
        }
      }
    }
  }

  static int transfer(String name, SystemCall call, int fd, MemorySegment buffer, long position)
      throws OsException {
    if (!buffer.isNative() || !buffer.scope().isAlive()) {
      throw new IllegalArgumentException("no native memory to " + name);
    }
    try (NativeFrame frame = NativeFrame.open()) {
      while (true) {
        long n = frame.call(call, fd, buffer.address(), buffer.byteSize(), position, 0);
        if (n >= 0) {
          return Math.toIntExact(n);
        }
        if (frame.errno() != Errno.EINTR) {
          throw frame.fault(name, NativeFrame.NO_NAME);
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
    try (NativeFrame frame = NativeFrame.open()) {
      long at = frame.call(SystemCall.LSEEK, fd, from, whence);
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
    try (NativeFrame frame = NativeFrame.open()) {
      frame.call(SystemCall.FADVISE, fd, offset, length, advice, 0);
    }
  }

  /// Takes the lock of an open file for this descriptor alone, unless somebody else has it; closing
  /// the descriptor gives it back. Locks of [java.nio.channels.FileChannel] are of another kind.
  ///
  /// @return false if somebody else has it
  public static boolean tryLock(int fd) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long result = frame.call(SystemCall.FLOCK, fd, LOCK_EX | LOCK_NB, 0, 0, 0);
      if (result < 0 && frame.errno() != Errno.EAGAIN) {
        throw frame.fault("flock", new byte[0]);
      }
      return result >= 0;
    }
  }

  /// The length of an open block device in bytes.
  ///
  /// @throws OsException `ENOTTY` (25) if it is not one
  public static long blockDeviceSize(int fd) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      int size = frame.take(Long.BYTES);
      frame.check(
          frame.call(SystemCall.IOCTL, fd, BLKGETSIZE64, frame.address(size)),
          "ioctl",
          NativeFrame.NO_NAME);
      return frame.bytes().getLong(size);
    }
  }
}
