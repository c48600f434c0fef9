package dev.longshore.engine.posix;

/// What the system knows of a file; a symbolic link's own, never its target's.
///
/// @param mode Unix mode, type bits included
/// @param uid owner, unsigned
/// @param gid group, unsigned
/// @param sizeBytes length; of a symbolic link, that of its target text
/// @param mtimeSeconds since 1970, may be negative
/// @param mtimeNanos 0..999,999,999, added to the seconds
/// @param allocatedBytes blocks in use; fewer than the size if there are holes
/// @param device the file system's number: major in the upper, minor in the lower 32 bits
/// @param inode the file's number in it
/// @param links names the file has
/// @param specialDevice a device node's own number, as `device`; 0 for others
public record FileStatus(
    int mode,
    int uid,
    int gid,
    long sizeBytes,
    long mtimeSeconds,
    int mtimeNanos,
    long allocatedBytes,
    long device,
    long inode,
    long links,
    long specialDevice) {

  /// The kind of file.
  public FileKind kind() {
    return FileKind.ofMode(mode);
  }

  /// The mode without the type: permissions, setuid, setgid, sticky.
  public int permissions() {
    return mode & 07777;
  }

  /// Modification time as Kopia keeps it: nanoseconds since 1970 in 64 bits, wrapping for years
  /// outside 1677..2262.
  public long mtimeEpochNanos() {
    return mtimeSeconds * 1_000_000_000L + mtimeNanos;
  }
}
