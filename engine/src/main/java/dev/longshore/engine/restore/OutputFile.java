package dev.longshore.engine.restore;

import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.RawText;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A file of the target that gets its bytes from many threads, in any order.
///
/// It is open only while somebody writes, so that any number may be unfinished; in a directory
/// where nothing can have been before, it is made by whoever writes first. It begins empty, so that
/// what is not written reads as zeros; a device does not, and gets its zeros written.
final class OutputFile {
  private static final byte[] ZEROS = new byte[64 << 10];
  private static final int SPARSE_BLOCK = 4 << 10;
  private static final int ENOSYS = 38;

  final DirectoryNode directory;
  final DirEntry entry;

  /// The name it has until it is whole: its own, or a temporary one.
  final byte[] name;

  private final DirectoryHandles handles;
  private final boolean sparse;
  private final boolean device;

  /// The plan, and every chunk not yet written.
  private final AtomicLong pending = new AtomicLong(1);

  private long length;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean failed;
  private volatile boolean cannotAllocate;
  private final boolean openFirst;
  private boolean made;
  private int fd;
  private int users;

  /// How long the file is by what was written or set aside.
  private long reached;

  /// @param opened in use until [#planned], if it is open
  OutputFile(DirectoryHandles handles, DirectoryNode directory, DirEntry entry, Opened opened) {
    this.handles = handles;
    this.directory = directory;
    this.entry = entry;
    this.name = RawText.encode(opened.name());
    this.fd = opened.fd();
    this.openFirst = opened.isOpen();
    this.made = openFirst;
    this.users = opened.device() ? 2 : made ? 1 : 0;
    this.sparse = opened.sparse();
    this.device = opened.device();
  }

  /// How a file was opened.
  ///
  /// @param fd open for writing; [#NOT_YET] if the file is still to be made
  /// @param name under which it can be opened, again or at all
  /// @param sparse zeros become holes
  /// @param device it keeps its length, and cannot be opened again
  record Opened(int fd, String name, boolean sparse, boolean device) {
    /// In place of a descriptor.
    static final int NOT_YET = -1;

    boolean isOpen() {
      return fd != NOT_YET;
    }
  }

  String path() {
    return directory.path(entry.name());
  }

  boolean isDevice() {
    return device;
  }

  /// Length in bytes as far as it is planned; of the planner's thread until [#end] first returned.
  long length() {
    return length;
  }

  /// Plans a chunk; told where it ends.
  void chunkBegins(long end) {
    pending.incrementAndGet();
    length = end;
  }

  /// Ends the plan or a chunk; tells whether it was the last.
  boolean end() {
    return pending.decrementAndGet() == 0;
  }

  /// Ends the use that the file began with, when all its chunks are planned.
  void planned() {
    if (openFirst) {
      release();
    }
  }

  /// Marks the file as incomplete; true the first time.
  synchronized boolean fail() {
    boolean first = !failed;
    failed = true;
    return first;
  }

  boolean hasFailed() {
    return failed;
  }

  /// Opens the file, or shares it if it is open; returns its descriptor.
  synchronized int acquire() throws OsException {
    if (users == 0) {
      try (DirectoryHandles.Handle handle = handles.acquire(directory)) {
        if (made) {
          int flags = Posix.O_WRONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK;
          fd = Posix.openat(handle.fd(), name, flags, 0);
        } else {
          // What is there already, in a directory of our own, is of the same name in the snapshot.
          fd = TargetEntries.makeNew(handle.fd(), name);
          made = true;
        }
      }
    }
    users++;
    return fd;
  }

  /// Notes that the file reaches at least to `end`.
  private synchronized void reaches(long end) {
    reached = Math.max(reached, end);
  }

  /// Tells whether the file is as long as it is planned without more ado.
  synchronized boolean isFullLength() {
    return reached == length;
  }

  /// Gives the descriptor back.
  synchronized void release() {
    users--;
    if (users == 0) {
      Posix.close(fd);
    }
  }

  /// Writes bytes to their place, except zeros where they need not be written.
  ///
  /// @param scratch native memory to write from
  void write(ByteSpan plain, long start, MemorySegment scratch) throws OsException {
    byte[] bytes = plain.bytes();
    int end = plain.offset() + plain.length();
    // Where the array's first byte would be in the file.
    long origin = start - plain.offset();
    int open = acquire();
    try {
      int block = sparse ? SPARSE_BLOCK : ZEROS.length;
      int from = plain.offset();
      while (from < end) {
        int to = blockEnd(origin, from, block, end);
        boolean zero = isZero(bytes, from, to);
        while (to < end) {
          int next = blockEnd(origin, to, block, end);
          if (isZero(bytes, to, next) != zero) {
            break;
          }
          to = next;
        }
        if (!zero || !skipZeros(open, origin + from, to - from)) {
          writeAll(open, bytes, from, to, origin, scratch);
          reaches(origin + to);
        }
        from = to;
      }
    } finally {
      release();
    }
  }

  /// Blocks lie on multiples of their size in the file, as the file system's do.
  private static int blockEnd(long origin, int from, int block, int end) {
    long place = origin + from;
    long next = place - place % block + block;
    return (int) Math.min(end, next - origin);
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    return Arrays.mismatch(bytes, from, to, ZEROS, 0, to - from) < 0;
  }

  /// Makes a range zero; the file's bytes there have not been written yet.
  void writeZeros(long start, long count, MemorySegment scratch) throws OsException {
    int open = acquire();
    try {
      if (skipZeros(open, start, count)) {
        return;
      }
      for (long at = 0; at < count; at += ZEROS.length) {
        int n = (int) Math.min(ZEROS.length, count - at);
        writeAll(open, ZEROS, 0, n, start + at, scratch);
      }
      reaches(start + count);
    } finally {
      release();
    }
  }

  /// Leaves a hole, or has the file system set room aside; false if the zeros must be written.
  private boolean skipZeros(int open, long start, long count) throws OsException {
    if (sparse) {
      return true;
    }
    if (device || cannotAllocate || count < SPARSE_BLOCK) {
      return false;
    }
    try {
      PosixChanges.allocate(open, start, count);
      return true;
    } catch (OsException e) {
      if (e.errno() != Errno.EOPNOTSUPP && e.errno() != ENOSYS && e.errno() != Errno.EINTR) {
        throw e;
      }
      cannotAllocate = true;
      return false;
    }
  }

  /// Most file systems let one thread at a time write to a file, and keep the others spinning.
  private void writeAll(int fd, byte[] bytes, int from, int to, long origin, MemorySegment scratch)
      throws OsException {
    if (device) {
      writeAtOnce(fd, bytes, from, to, origin, scratch);
      return;
    }
    writing.lock();
    try {
      writeAtOnce(fd, bytes, from, to, origin, scratch);
    } finally {
      writing.unlock();
    }
  }

  private static void writeAtOnce(
      int fd, byte[] bytes, int from, int to, long origin, MemorySegment scratch)
      throws OsException {
    int at = from;
    while (at < to) {
      int n = (int) Math.min(scratch.byteSize(), to - at);
      MemorySegment.copy(bytes, at, scratch, ValueLayout.JAVA_BYTE, 0, n);
      for (int done = 0; done < n; ) {
        int count = PosixChanges.pwrite(fd, scratch.asSlice(done, n - done), origin + at + done);
        if (count == 0) {
          throw new OsException("write", new byte[0], Errno.EIO);
        }
        done += count;
      }
      at += n;
    }
  }
}
