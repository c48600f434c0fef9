package dev.longshore.engine.block.device;

import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.posix.BlockCalls;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// An open block device, or a file that holds the image of one.
///
/// Reads and writes go past the page cache where buffer, place and length allow it ([#buffer(int)]
/// makes such buffers), and through it where not: the end of a file of odd length, file systems
/// without direct access. Both ways see the same bytes.
///
/// Thread-safe, any number of calls in flight, but for [#resize] and [#close], which no other call
/// may meet. Calls block the carrier of a virtual thread. Faults name the device and the place.
/// Linux only.
public final class BlockDevice implements AutoCloseable {
  private static final int FILE_SECTOR = 512;
  private static final int EBUSY = 16;

  private final Path path;
  private final boolean device;
  private final int sector;
  private final int plain;
  private final Transfers transfers;
  private final ZeroRanges zeros;
  private final Access access;
  private volatile long size;
  private volatile boolean closed;

  private BlockDevice(Path path, Access access, int fd, List<Zeroing> ways) throws IOException {
    this.path = path;
    this.access = access;
    this.plain = fd;
    FileStatus status = Posix.fstat(fd);
    this.device = status.kind() == FileKind.BLOCK_DEVICE;
    if (!device && status.kind() != FileKind.REGULAR) {
      throw new UnsupportedException(path + " is neither a block device nor a file");
    }
    if (access == Access.WRITE && !device) {
      lock(path, fd);
    }
    this.sector = device ? BlockCalls.sectorSize(fd) : FILE_SECTOR;
    this.size = device ? Posix.blockDeviceSize(fd) : status.sizeBytes();
    this.zeros = new ZeroRanges(this, fd, ways);
    this.transfers = new Transfers(fd, access);
  }

  /// Opens a device or an image file; symbolic links are followed.
  ///
  /// @throws java.nio.file.NoSuchFileException if it is not there
  /// @throws java.nio.file.AccessDeniedException if this user may not
  /// @throws OsException `EBUSY` (16) if it is to be written and is in use, of a file by another
  ///   [BlockDevice]
  /// @throws UnsupportedException if it is neither, or this is not Linux
  public static BlockDevice open(Path path, Access access) throws IOException {
    requireLinux();
    int flags = access == Access.READ ? Posix.O_RDONLY : Posix.O_RDWR;
    int fd = Posix.open(path, flags | Posix.O_NONBLOCK);
    boolean device;
    try {
      device = Posix.fstat(fd).kind() == FileKind.BLOCK_DEVICE;
    } catch (IOException e) {
      Posix.close(fd);
      throw e;
    }
    if (device && access == Access.WRITE) {
      // Of a file, the flag would mean something else.
      Posix.close(fd);
      fd = openExclusive(path, flags);
    }
    return over(path, access, fd, device ? Zeroing.OF_DEVICES : Zeroing.OF_FILES);
  }

  /// Keeps two restores from writing to one file at once.
  private static void lock(Path path, int fd) throws OsException {
    boolean free;
    try {
      free = Posix.tryLock(fd);
    } catch (OsException e) {
      return; // a file system without locks
    }
    if (!free) {
      throw busy(path);
    }
  }

  private static OsException busy(Path path) {
    return new OsException("open (mounted or otherwise in use)", name(path.toString()), EBUSY);
  }

  private static int openExclusive(Path path, int flags) throws IOException {
    try {
      return Posix.open(path, flags | Posix.O_EXCL);
    } catch (OsException e) {
      if (e.errno() == EBUSY) {
        throw busy(path);
      }
      throw e;
    }
  }

  /// Makes an image file, one hole of the given length, and opens it for writing.
  ///
  /// @throws OsException `EEXIST` if the name is taken
  public static BlockDevice create(Path file, long sizeBytes) throws IOException {
    requireLinux();
    int flags = Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL;
    // What is on a volume is for its owner only.
    int fd = Posix.openat(Posix.AT_FDCWD, name(file.toString()), flags, 0600);
    BlockDevice image = over(file, Access.WRITE, fd, Zeroing.OF_FILES);
    try {
      image.resize(sizeBytes);
      return image;
    } catch (IOException e) {
      image.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Tells whether a path leads to a block device; false where nobody can tell.
  public static boolean isAt(Path path) {
    if (!Posix.isAvailable()) {
      return false;
    }
    try {
      int fd = Posix.open(path, Posix.O_PATH);
      try {
        return Posix.fstat(fd).kind() == FileKind.BLOCK_DEVICE;
      } finally {
        Posix.close(fd);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static void requireLinux() throws UnsupportedException {
    if (!Posix.isAvailable()) {
      throw new UnsupportedException("block devices need Linux, and native access");
    }
  }

  /// @param fd open; the device's from now on
  static BlockDevice over(Path path, Access access, int fd, List<Zeroing> ways) throws IOException {
    try {
      return new BlockDevice(path, access, fd, ways);
    } catch (IOException e) {
      Posix.close(fd);
      throw e;
    }
  }

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// A buffer that can be read into and written from past the page cache; freed when nobody has it.
  public static ByteBuffer buffer(int bytes) {
    return Transfers.buffer(bytes);
  }

  /// The first place at or after another from which on whole buffers pass by the cache.
  public static long nextBoundary(long position) {
    return Transfers.nextBoundary(position);
  }

  /// Where it was opened.
  public Path path() {
    return path;
  }

  /// A block device, rather than a file.
  public boolean isDevice() {
    return device;
  }

  /// Length in bytes; of a device, a multiple of the sector.
  public long size() {
    return size;
  }

  /// The smallest unit of the device in bytes, a power of two; of a file, 512.
  public int sectorSize() {
    return sector;
  }

  /// Fills the rest of the buffer.
  ///
  /// @param target direct; its position moves to its limit
  /// @throws IllegalArgumentException if the range is not within the size
  /// @throws IOException also if the device ends before
  public void read(ByteBuffer target, long position) throws IOException {
    requireWithin(position, target.remaining());
    transfer(target, position, false);
  }

  /// Writes the rest of the buffer.
  ///
  /// @param source direct; its position moves to its limit
  /// @throws IllegalArgumentException if the range is not within the size
  public void write(ByteBuffer source, long position) throws IOException {
    requireWritable();
    requireWithin(position, source.remaining());
    transfer(source, position, true);
  }

  /// Makes a range read as zeros: at once where the device or file system can, by writing where it
  /// cannot or where reading back shows that it did not.
  ///
  /// @throws IllegalArgumentException if the range is not within the size
  /// @throws InterruptedIOException if the thread is interrupted; part of it may be done
  public void zero(long offset, long length) throws IOException {
    requireWritable();
    requireWithin(offset, length);
    zeros.zero(offset, length);
  }

  /// Makes what was written durable, and has later reads ask the device rather than the cache.
  public void flush() throws IOException {
    requireOpen();
    try {
      PosixChanges.fsync(plain);
    } catch (OsException e) {
      throw fault(e, "");
    }
    Posix.fadvise(plain, 0, 0, Posix.ADVICE_DONTNEED);
    if (device) {
      try {
        BlockCalls.dropCache(plain);
      } catch (OsException e) {
        // Only administrators may; what matters, that all is written, is done.
        if (e.errno() != Errno.EACCES && e.errno() != Errno.EPERM) {
          throw fault(e, "");
        }
      }
    }
  }

  /// Sets the length of a file; what is added reads as zeros.
  ///
  /// @throws UnsupportedException of a device
  public void resize(long sizeBytes) throws IOException {
    requireWritable();
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size " + sizeBytes);
    }
    if (device) {
      throw new UnsupportedException(path + " is a device, whose size is given");
    }
    try {
      PosixChanges.ftruncate(plain, sizeBytes);
    } catch (OsException e) {
      throw fault(e, " to " + sizeBytes);
    }
    size = sizeBytes;
  }

  /// Where data begins at or after a place; the size if there is none. Everything is data where
  /// nobody can tell, as of devices.
  public long nextData(long from) throws IOException {
    requireWithin(from, 0);
    if (device || from == size) {
      return from;
    }
    try {
      long at = Posix.seekData(plain, from);
      return at < 0 ? size : Math.min(at, size);
    } catch (OsException e) {
      if (e.errno() == Errno.EINVAL || e.errno() == Errno.EOPNOTSUPP) {
        return from;
      }
      throw fault(e, " at " + from);
    }
  }

  /// Where a hole, which reads as zeros, begins at or after a place; the size if there is none.
  public long nextHole(long from) throws IOException {
    requireWithin(from, 0);
    if (device || from == size) {
      return size;
    }
    try {
      long at = Posix.seekHole(plain, from);
      return at < 0 ? size : Math.min(at, size);
    } catch (OsException e) {
      if (e.errno() == Errno.EINVAL || e.errno() == Errno.EOPNOTSUPP) {
        return size;
      }
      throw fault(e, " at " + from);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      transfers.close();
      Posix.close(plain);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
  }

  private void requireWritable() {
    requireOpen();
    if (access != Access.WRITE) {
      throw new IllegalStateException(path + " is open for reading only");
    }
  }

  private void requireWithin(long offset, long length) {
    requireOpen();
    if (offset < 0 || length < 0 || length > size - offset) {
      throw new IllegalArgumentException(
          "range %d+%d of %s with %d bytes".formatted(offset, length, path, size));
    }
  }

  private void transfer(ByteBuffer buffer, long position, boolean write) throws IOException {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("no native memory to read into or write from");
    }
    long shift = position - buffer.position();
    while (buffer.hasRemaining()) {
      long at = buffer.position() + shift;
      int n;
      try {
        n = transfers.some(buffer, at, write);
      } catch (OsException e) {
        throw fault(e, " at " + at);
      }
      if (n == 0) {
        throw new IOException("%s ends at %d of %d bytes".formatted(path, at, size));
      }
      buffer.position(buffer.position() + n);
    }
  }

  private OsException fault(OsException e, String where) {
    return new OsException(e.call(), name(path + where), e.errno());
  }
}
