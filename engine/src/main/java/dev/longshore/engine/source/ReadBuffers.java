package dev.longshore.engine.source;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Native buffers for reading, reused: as many as files were ever open at once. Thread-safe.
final class ReadBuffers implements AutoCloseable {
  static final int BYTES = 256 << 10;

  private final Arena arena = Arena.ofShared();
  private final ConcurrentLinkedQueue<MemorySegment> free = new ConcurrentLinkedQueue<>();

  MemorySegment take() {
    MemorySegment buffer = free.poll();
    return buffer != null ? buffer : arena.allocate(BYTES, 4096);
  }

  void giveBack(MemorySegment buffer) {
    free.add(buffer);
  }

  /// Frees all; none may be out.
  @Override
  public void close() {
    free.clear();
    arena.close();
  }
}
