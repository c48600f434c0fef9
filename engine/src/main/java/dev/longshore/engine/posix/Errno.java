package dev.longshore.engine.posix;

/// The system's fault numbers on Linux (the same on x86-64 and AArch64) that callers tell apart,
/// and their words, which are those that Kopia puts into snapshots.
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EEXIST = 17;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;
  public static final int ESTALE = 116;

  private Errno() {}

  /// The fault in words.
  public static String message(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case EINTR -> "interrupted system call";
      case EIO -> "input/output error";
      case ENXIO -> "no such device or address";
      case 9 -> "bad file descriptor";
      case EAGAIN -> "resource temporarily unavailable";
      case 12 -> "cannot allocate memory";
      case EACCES -> "permission denied";
      case 16 -> "device or resource busy";
      case EEXIST -> "file exists";
      case 18 -> "invalid cross-device link";
      case 19 -> "no such device";
      case ENOTDIR -> "not a directory";
      case EISDIR -> "is a directory";
      case EINVAL -> "invalid argument";
      case 23 -> "too many open files in system";
      case 24 -> "too many open files";
      case 26 -> "text file busy";
      case 27 -> "file too large";
      case ENOSPC -> "no space left on device";
      case 30 -> "read-only file system";
      case ERANGE -> "numerical result out of range";
      case ENAMETOOLONG -> "file name too long";
      case ENOSYS -> "function not implemented";
      case ENOTEMPTY -> "directory not empty";
      case ELOOP -> "too many levels of symbolic links";
      case ENODATA -> "no data available";
      case EOPNOTSUPP -> "operation not supported";
      case 107 -> "transport endpoint is not connected";
      case 110 -> "connection timed out";
      case ESTALE -> "stale NFS file handle";
      case 122 -> "disk quota exceeded";
      default -> "errno " + errno;
    };
  }
}
