package dev.longshore.engine.block.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/// A client's connection: read by one thread, written by many, whole messages at a time.
final class Wire {
  private static final int SKIP_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final ReentrantLock writing = new ReentrantLock();

  Wire(SocketChannel channel) {
    this.channel = channel;
  }

  /// Reads exactly so many bytes.
  ///
  /// @throws EOFException if the client has gone
  ByteBuffer read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the client has gone");
      }
    }
    return bytes.flip();
  }

  /// Reads bytes that nobody wants.
  void skip(long length) throws IOException {
    for (long left = length; left > 0; left -= SKIP_BYTES) {
      read((int) Math.min(left, SKIP_BYTES));
    }
  }

  /// Begins a message of several parts; [#release] ends it.
  void acquire() {
    writing.lock();
  }

  void release() {
    writing.unlock();
  }

  /// Writes a message, or a part of one.
  void write(ByteBuffer... parts) throws IOException {
    writing.lock();
    try {
      long left = 0;
      for (ByteBuffer part : parts) {
        left += part.remaining();
      }
      while (left > 0) {
        left -= channel.write(parts);
      }
    } finally {
      writing.unlock();
    }
  }

  /// Leaves the client; whoever is waiting for it goes on with a fault.
  void abandon() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone all the same.
    }
  }
}
