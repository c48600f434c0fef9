package dev.longshore.engine.blob.fs;

import dev.longshore.engine.posix.AlignedBuffers;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Writes a new file past the page cache: what is written once and not read soon has no business
/// there, and giving each page a place in memory costs more than sealing what is in it.
///
/// The file is cut into windows. What is written is copied into the buffer of its window, and a
/// window that is full goes to the disk as a whole, behind the writer's back. A failure there fails
/// every later call. Ranges must not overlap; many threads may write them.
final class DirectWriter implements AutoCloseable {
  private static final int WINDOW_BYTES = AlignedBuffers.BYTES;

  private final FileChannel channel;
  private final int fd;
  private final WriteBehind behind;

  /// Windows that are not on the disk, by number; guarded by `this`.
  private final Map<Long, Window> windows = new HashMap<>();

  /// Calls of [#write], and windows on their way to the disk, that have not ended; guarded by
  /// `this`, as are `failure` and `closed`. The descriptor and the buffers outlive them, or another
  /// file would get what they still write.
  private int writers;

  private @Nullable IOException failure;
  private boolean closed;

  /// The file system wants something else than it said.
  private volatile boolean refused;

  DirectWriter(FileChannel channel, int fd, WriteBehind behind) {
    this.channel = channel;
    this.fd = fd;
    this.behind = behind;
  }

  private static final class Window {
    final MemorySegment buffer = AlignedBuffers.take();
    final AtomicInteger filled = new AtomicInteger();
  }

  /// A writer of an open new file; empty where the system or the file system has no such way.
  ///
  /// @param channel the same file, for what is no whole window; stays the caller's
  static Optional<DirectWriter> open(Path file, FileChannel channel, WriteBehind behind) {
    if (!Posix.isAvailable()) {
      return Optional.empty();
    }
    int flags = Posix.O_WRONLY | Posix.O_NOFOLLOW | Posix.O_DIRECT;
    try {
      return Optional.of(new DirectWriter(channel, Posix.open(file, flags), behind));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Takes the remaining bytes.
  ///
  /// @throws ClosedChannelException if it is closed
  /// @throws IOException also if what an earlier call gave could not be written
  void write(long offset, ByteBuffer content) throws IOException {
    enter();
    try {
      fill(offset, content);
    } finally {
      leave();
    }
  }

  private synchronized void enter() throws IOException {
    check();
    writers++;
  }

  private void check() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure); // each caller has its own trace
    }
  }

  private synchronized void leave() {
    writers--;
    if (writers == 0) {
      notifyAll();
      if (closed) {
        release();
      }
    }
  }

  private void fill(long offset, ByteBuffer content) throws IOException {
    long at = offset;
    int end = content.limit();
    while (content.position() < end) {
      long number = at / WINDOW_BYTES;
      int from = (int) (at % WINDOW_BYTES);
      int length = Math.min(end - content.position(), WINDOW_BYTES - from);
      Window window = window(number);
      MemorySegment piece = MemorySegment.ofBuffer(content.limit(content.position() + length));
      MemorySegment.copy(piece, 0, window.buffer, from, length);
      content.position(content.limit()).limit(end);
      at += length;
      // Whoever completes a window sees what the others put into it.
      if (window.filled.addAndGet(length) == WINDOW_BYTES) {
        enter();
        behind.run(() -> writeOut(number, window));
      }
    }
  }

  private synchronized Window window(long number) {
    return windows.computeIfAbsent(number, _ -> new Window());
  }

  /// Ends a call of [#enter].
  private void writeOut(long number, Window window) {
    try {
      writeDirect(window, number * WINDOW_BYTES);
      drop(number);
    } catch (IOException e) {
      fail(e);
    } finally {
      leave();
    }
  }

  private synchronized void fail(IOException fault) {
    if (failure == null) {
      failure = fault;
    }
  }

  private void writeDirect(Window window, long at) throws IOException {
    int done = 0;
    while (done < WINDOW_BYTES && !refused) {
      try {
        done += PosixChanges.pwrite(fd, window.buffer.asSlice(done), at + done);
      } catch (OsException e) {
        if (e.errno() != Errno.EINVAL) {
          throw e;
        }
        refused = true;
      }
    }
    writeCached(window, done, WINDOW_BYTES, at);
  }

  private void writeCached(Window window, int from, int to, long windowAt) throws IOException {
    ByteBuffer rest = window.buffer.asSlice(from, to - from).asByteBuffer();
    long at = windowAt + from;
    while (rest.hasRemaining()) {
      at += channel.write(rest, at);
    }
  }

  private synchronized void drop(long number) {
    Window window = windows.remove(number);
    if (window != null) {
      AlignedBuffers.give(window.buffer);
    }
  }

  /// Fills the buffer with what was written, all of it by calls that have ended.
  synchronized void read(long offset, ByteBuffer into) throws IOException {
    check();
    long at = offset;
    int end = into.limit();
    while (into.position() < end) {
      Window window = windows.get(at / WINDOW_BYTES);
      int from = (int) (at % WINDOW_BYTES);
      int length = Math.min(end - into.position(), WINDOW_BYTES - from);
      into.limit(into.position() + length);
      if (window != null) {
        into.put(window.buffer.asSlice(from, length).asByteBuffer());
      } else {
        FileWriter.readFully(channel, at, into);
      }
      into.limit(end);
      at += length;
    }
  }

  /// Writes what is left, once nothing is added any more: windows that begin the file's last part,
  /// or of which only a part was written. Waits for the others.
  synchronized void finish(long length) throws IOException {
    while (writers > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a file is written");
      }
    }
    check();
    for (Map.Entry<Long, Window> left : List.copyOf(windows.entrySet())) {
      Window window = left.getValue();
      long at = left.getKey() * WINDOW_BYTES;
      int expected = (int) Math.min(WINDOW_BYTES, length - at);
      if (window.filled.get() != expected) {
        throw new IOException(
            "window at " + at + ": expected " + expected + " bytes, found " + window.filled.get());
      }
      writeCached(window, 0, expected, at);
      drop(left.getKey());
    }
  }

  /// Lets go of what is not written.
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (writers == 0) {
        release();
      }
    }
  }

  private void release() {
    List.copyOf(windows.keySet()).forEach(this::drop);
    Posix.close(fd);
  }
}
