package dev.longshore.engine.posix;

/// Calls for block devices and the files that stand for them; terms as in [Posix].
///
/// Source: Linux `include/uapi/linux/fs.h`, `include/uapi/linux/falloc.h`.
public final class BlockCalls {
  private static final int BLKFLSBUF = 0x1261;
  private static final int BLKSSZGET = 0x1268;
  // Not 0x127b, which asks for the size of a physical sector, changes nothing and succeeds.
  private static final int BLKZEROOUT = 0x127f;
  private static final int FALLOC_KEEP_SIZE = 1;
  private static final int FALLOC_PUNCH_HOLE = 2;

  private BlockCalls() {}

  /// The logical sector of an open block device in bytes: what direct reads and writes must be
  /// multiples of.
  public static int sectorSize(int fd) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      int size = frame.take(Integer.BYTES);
      frame.check(
          frame.call(SystemCall.IOCTL, fd, BLKSSZGET, frame.address(size)),
          "ioctl",
          NativeFrame.NO_NAME);
      return frame.bytes().getInt(size);
    }
  }

  /// Makes a range of an open block device read as zeros, by whatever way the device has; a thin
  /// one may give out room for them.
  ///
  /// @param offset a multiple of 512, as is `length`
  public static void zeroOut(int fd, long offset, long length) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      int range = frame.take(2 * Long.BYTES);
      frame.bytes().putLong(range, offset).putLong(range + Long.BYTES, length);
      frame.check(
          frame.call(SystemCall.IOCTL, fd, BLKZEROOUT, frame.address(range)),
          "zero out",
          NativeFrame.NO_NAME);
    }
  }

  /// Makes a range of an open file or block device a hole; a file keeps its length.
  ///
  /// @throws OsException `EOPNOTSUPP` where the file system or device cannot
  public static void punchHole(int fd, long offset, long length) throws OsException {
    int mode = FALLOC_PUNCH_HOLE | FALLOC_KEEP_SIZE;
    try (NativeFrame frame = NativeFrame.open()) {
      frame.check(
          frame.call(SystemCall.FALLOCATE, fd, mode, offset, length, 0),
          "punch hole",
          NativeFrame.NO_NAME);
    }
  }

  /// Drops what the page cache holds of an open block device.
  ///
  /// @throws OsException `EACCES` for who does not administer the system
  public static void dropCache(int fd) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      frame.check(
          frame.call(SystemCall.IOCTL, fd, BLKFLSBUF, 0), "flush buffers", NativeFrame.NO_NAME);
    }
  }
}
