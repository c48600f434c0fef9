package dev.longshore.engine.object;

import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.error.RepositoryException;
import org.jspecify.annotations.Nullable;

/// An array for one chunk, and its share of the budget. One thread at a time; whoever has it last
/// closes it.
final class ChunkBuffer implements AutoCloseable {
  private static final byte[] NONE = new byte[0];

  private final ChunkBuffers buffers;
  private byte[] array = NONE;
  private ByteBudget.@Nullable Lease lease;

  ChunkBuffer(ChunkBuffers buffers) {
    this.buffers = buffers;
  }

  /// The array; empty at first.
  byte[] array() {
    return array;
  }

  /// Makes room, keeping the first bytes.
  ///
  /// @param bytes that there must be room for
  /// @param kept how many are kept
  /// @param most the longest chunk that may come
  /// @param waits for the budget; whoever has another buffer must not
  void grow(int bytes, int kept, int most, boolean waits) throws RepositoryException {
    if (bytes <= array.length) {
      return;
    }
    int size = buffers.sizeFor(bytes, most);
    if (waits && ChunkBuffers.isLarge(size)) {
      reserve(size);
    }
    byte[] grown = buffers.take(size);
    System.arraycopy(array, 0, grown, 0, kept);
    buffers.give(array);
    array = grown;
  }

  /// Waits for bytes of the budget, unless it has some.
  void reserve(int bytes) throws RepositoryException {
    if (lease == null) {
      try {
        lease = buffers.pool().reserve(Math.max(bytes, array.length));
      } catch (InterruptedException e) {
        throw ObjectSession.interrupted(e);
      }
    }
  }

  @Override
  public void close() {
    buffers.give(array);
    array = NONE;
    ByteBudget.Lease taken = lease;
    if (taken != null) {
      lease = null;
      taken.close();
    }
  }
}
