package dev.longshore.engine.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// A device in memory, which counts what is read of it and can fail.
final class MemoryImage implements BlockSource {
  byte[] bytes;
  final AtomicLong readBytes = new AtomicLong();
  volatile long failAt = Long.MAX_VALUE;

  MemoryImage(int size) {
    bytes = new byte[size];
  }

  static MemoryImage random(RandomGenerator random, int size) {
    MemoryImage image = new MemoryImage(size);
    random.nextBytes(image.bytes);
    return image;
  }

  /// Changes every byte of a range.
  void change(int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      bytes[i]++;
    }
  }

  void resize(int size) {
    bytes = Arrays.copyOf(bytes, size);
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    if (position >= failAt) {
      throw new IOException("bad sector at " + position);
    }
    if (target.remaining() > bytes.length - position) {
      throw new EOFException("the device ends before " + (position + target.remaining()));
    }
    readBytes.addAndGet(target.remaining());
    target.put(bytes, (int) position, target.remaining());
  }

  @Override
  public long nextData(long from) {
    return from;
  }

  @Override
  public long nextHole(long from) {
    return bytes.length;
  }
}
