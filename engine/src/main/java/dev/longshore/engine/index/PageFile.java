package dev.longshore.engine.index;

import dev.longshore.crypto.hash.SipHash;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Pages of a segment file, each checked by its tag. Thread-safe.
///
/// Read by descriptor and position, not mapped: pages of a mapping count as the process's memory
/// for as long as the system has room for them. Not by a channel either, which an interrupted
/// thread would close for all. The descriptor is closed when nobody can ask for a page any more; a
/// file that others have deleted can be read until then.
final class PageFile {
  /// Closes descriptors; readers come and go without telling.
  private static final Cleaner CLEANER = Cleaner.create();

  private static final int LEASES = 16;

  private final Path path;
  private final int descriptor;
  private final long length;
  private final AtomicReferenceArray<Buffer> buffers = new AtomicReferenceArray<>(LEASES);
  private volatile boolean damaged;

  /// Memory for some pages; used by one thread at a time.
  static final class Buffer {
    private final MemorySegment foreign;
    final byte[] bytes;

    Buffer(int pages) {
      this.bytes = new byte[pages * SegmentLayout.PAGE_BYTES];
      this.foreign = Arena.ofAuto().allocate(bytes.length, 8);
    }
  }

  private PageFile(Path path, int descriptor, long length) {
    this.path = path;
    this.descriptor = descriptor;
    this.length = length;
    CLEANER.register(this, () -> Posix.close(descriptor));
  }

  static PageFile open(Path path) throws IOException {
    int descriptor = Posix.open(path, Posix.O_RDONLY | Posix.O_NOFOLLOW);
    try {
      Posix.fadvise(descriptor, 0, 0, Posix.ADVICE_RANDOM);
      return new PageFile(path, descriptor, Posix.fstat(descriptor).sizeBytes());
    } catch (OsException | RuntimeException e) {
      Posix.close(descriptor);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  long length() {
    return length;
  }

  /// Tells whether a page was found that is not what was written.
  boolean isDamaged() {
    return damaged;
  }

  /// A buffer for one page, to be given back.
  Buffer lease() {
    int slot = (int) Thread.currentThread().threadId() & LEASES - 1;
    Buffer kept = buffers.getAndSet(slot, null);
    return kept == null ? new Buffer(1) : kept;
  }

  void giveBack(Buffer buffer) {
    buffers.set((int) Thread.currentThread().threadId() & LEASES - 1, buffer);
  }

  /// Reads bytes without looking at tags.
  void readUnchecked(long position, int length, Buffer into) throws RepositoryException {
    try {
      for (int done = 0; done < length; ) {
        MemorySegment rest = into.foreign.asSlice(done, length - done);
        int read = Posix.pread(descriptor, rest, position + done);
        if (read == 0) {
          throw damaged(position / SegmentLayout.PAGE_BYTES);
        }
        done += read;
      }
    } catch (OsException e) {
      throw new StoreException("cannot read " + path + ": " + e.getMessage(), Retry.NEVER, e);
    } finally {
      Reference.reachabilityFence(this);
    }
    MemorySegment.copy(into.foreign, ValueLayout.JAVA_BYTE, 0, into.bytes, 0, length);
  }

  /// Reads pages and checks their tags.
  ///
  /// @throws DamagedException if one is not what was written; the file is gone then
  void read(SipHash hash, long page, int count, Buffer into) throws RepositoryException {
    readUnchecked(page * SegmentLayout.PAGE_BYTES, count * SegmentLayout.PAGE_BYTES, into);
    for (int i = 0; i < count; i++) {
      int at = i * SegmentLayout.PAGE_BYTES;
      long tag = (long) SegmentLayout.LONGS.get(into.bytes, at + SegmentLayout.DATA_BYTES);
      if (SegmentLayout.tag(hash, into.bytes, at, page + i) != tag) {
        throw damaged(page + i);
      }
    }
  }

  /// Notes that the file is damaged, and deletes it.
  DamagedException damaged(long page) {
    damaged = true;
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Then whoever opens it next finds the damage.
      return new DamagedException("index cache " + path + ": damaged at page " + page, e);
    }
    return new DamagedException(
        "index cache " + path + ": damaged at page " + page + "; it has been deleted");
  }
}
