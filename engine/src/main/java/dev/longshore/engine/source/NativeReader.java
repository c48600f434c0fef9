package dev.longshore.engine.source;

import dev.longshore.engine.posix.AlignedBuffers;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.UncachedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// An open file of this machine.
final class NativeReader implements SourceReader {
  private static final long ADVISE_ABOVE = 1L << 20;

  /// Longer files are not put into the page cache.
  private static final long UNCACHED_ABOVE = 4L << 20;

  private final int fd;
  private final NativeParent parent;
  private final SourceFile entry;
  private final MemorySegment buffer = AlignedBuffers.take();
  private final Optional<UncachedReader> uncached;
  private final long sizeBytes;
  private final boolean sparse;
  private long position;
  // The run of data that was found last; what is between the position and it is a hole.
  private long dataStart;
  private long dataEnd;
  private boolean ended;
  private boolean closed;

  private NativeReader(int fd, NativeParent parent, SourceFile entry, FileStatus now) {
    this.fd = fd;
    this.parent = parent;
    this.entry = entry;
    this.sizeBytes = now.sizeBytes();
    this.sparse = now.allocatedBytes() < now.sizeBytes();
    this.uncached =
        now.sizeBytes() > UNCACHED_ABOVE ? Optional.of(new UncachedReader(fd)) : Optional.empty();
  }

  /// Takes an open descriptor, which is then the reader's, or closed.
  static NativeReader of(int fd, NativeParent parent, SourceFile entry) throws IOException {
    try {
      FileStatus now = Posix.fstat(fd);
      if (now.kind() != FileKind.REGULAR) {
        throw new IOException(parent.pathOf(entry.name()) + " is no longer a file");
      }
      if (now.sizeBytes() > ADVISE_ABOVE) {
        Posix.fadvise(fd, 0, 0, Posix.ADVICE_SEQUENTIAL);
      }
      return new NativeReader(fd, parent, entry, now);
    } catch (IOException | RuntimeException | Error e) {
      Posix.close(fd);
      throw e;
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    int wanted = Math.min(length, AlignedBuffers.BYTES);
    MemorySegment piece = buffer.asSlice(0, wanted);
    int n;
    try {
      n =
          uncached.isPresent()
              ? uncached.get().read(piece, position)
              : Posix.pread(fd, piece, position);
    } catch (OsException e) {
      throw parent.fault("", entry.name(), e);
    }
    if (n == 0 && wanted > 0) {
      return -1;
    }
    // Less than was asked for, and all that was there: the next read would find nothing.
    ended = n < wanted && position + n == sizeBytes;
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, target, offset, n);
    position += n;
    return n;
  }

  @Override
  public long skipHole(long limit) throws IOException {
    if (!sparse || (position >= dataStart && position < dataEnd)) {
      return 0;
    }
    if (position >= dataEnd) {
      findData();
    }
    long hole = Math.clamp(dataStart - position, 0, limit);
    position += hole;
    return hole;
  }

  /// Finds the next run of data; an empty one at the end of the file if there is none.
  private void findData() throws IOException {
    try {
      long data = Posix.seekData(fd, position);
      dataStart = data < 0 ? Posix.fstat(fd).sizeBytes() : data;
      dataEnd = data < 0 ? dataStart : Math.max(data, Posix.seekHole(fd, data));
    } catch (OsException e) {
      // A file system that cannot tell: all is data.
      dataStart = position;
      dataEnd = Long.MAX_VALUE;
    }
  }

  @Override
  public void seek(long newPosition) {
    position = newPosition;
    ended = false;
    dataStart = 0;
    dataEnd = 0;
  }

  @Override
  public boolean changed() throws IOException {
    FileStatus was = entry.status();
    FileStatus now = Posix.fstat(fd);
    return now.sizeBytes() != was.sizeBytes()
        || now.mtimeSeconds() != was.mtimeSeconds()
        || now.mtimeNanos() != was.mtimeNanos();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      AlignedBuffers.give(buffer);
      uncached.ifPresent(UncachedReader::close);
      Posix.close(fd);
    }
  }
}
