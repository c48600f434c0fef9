package dev.longshore.engine.source;

import dev.longshore.engine.posix.AlignedBuffers;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.UncachedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An open block device, or the image of one, read past the page cache.
final class DeviceReader implements SourceReader {
  private final int fd;
  private final long size;
  private final MemorySegment buffer = AlignedBuffers.take();
  private final UncachedReader reader;
  private long position;
  // The run of data that was found last; what is between the position and it is a hole.
  private long dataStart;
  private long dataEnd;
  private boolean closed;

  /// @param fd open; the reader's from now on
  /// @param size what is behind it is not read
  DeviceReader(int fd, long size) {
    this.fd = fd;
    this.size = size;
    this.reader = new UncachedReader(fd);
    Posix.fadvise(fd, 0, 0, Posix.ADVICE_SEQUENTIAL);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    long rest = size - position;
    if (rest <= 0) {
      return -1;
    }
    int wanted = (int) Math.min(rest, Math.min(length, AlignedBuffers.BYTES));
    int n = reader.read(buffer.asSlice(0, wanted), position);
    if (n == 0) {
      throw new IOException("the device ends at %d of %d bytes".formatted(position, size));
    }
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, target, offset, n);
    position += n;
    return n;
  }

  @Override
  public long skipHole(long limit) {
    if (position >= dataStart && position < dataEnd) {
      return 0;
    }
    if (position >= dataEnd) {
      findData();
    }
    long hole = Math.clamp(Math.min(dataStart, size) - position, 0, limit);
    position += hole;
    return hole;
  }

  private void findData() {
    try {
      long data = Posix.seekData(fd, position);
      dataStart = data < 0 ? size : data;
      dataEnd = data < 0 ? size : Math.max(data, Posix.seekHole(fd, data));
    } catch (OsException e) {
      // A device that cannot tell: all is data.
      dataStart = position;
      dataEnd = Long.MAX_VALUE;
    }
  }

  @Override
  public void seek(long newPosition) {
    position = newPosition;
    dataStart = 0;
    dataEnd = 0;
  }

  /// A snapshot's device does not change, and others have no time to tell it by.
  @Override
  public boolean changed() {
    return false;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      AlignedBuffers.give(buffer);
      reader.close();
      Posix.close(fd);
    }
  }
}
