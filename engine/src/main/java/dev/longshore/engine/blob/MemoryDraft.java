package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A draft for stores that take a blob only whole: it is in memory until then.
final class MemoryDraft implements BlobDraft {
  private static final int FIRST_BYTES = 64 << 10;

  /// From here on the array grows to what is expected in the end, at once.
  private static final int LARGE_BYTES = 1 << 20;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private final BlobStore store;
  private final BlobId id;
  private final int expectedBytes;
  private final PutOptions options;
  private byte[] bytes = new byte[0];

  MemoryDraft(BlobStore store, BlobId id, int expectedBytes, PutOptions options) {
    this.store = store;
    this.id = id;
    this.expectedBytes = expectedBytes;
    this.options = options;
  }

  @Override
  public synchronized void write(long offset, ByteBuffer piece) {
    long end = Math.addExact(offset, (long) piece.remaining());
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacityFor(end));
    }
    piece.get(bytes, (int) offset, piece.remaining());
  }

  private int capacityFor(long end) {
    if (end > MAX_BYTES) {
      throw new IllegalArgumentException(id + ": " + end + " bytes");
    }
    if (end <= LARGE_BYTES) {
      return Math.max(FIRST_BYTES, (int) Long.highestOneBit(end - 1) * 2);
    }
    return (int) Math.clamp(Math.max(expectedBytes, end + end / 8), end, MAX_BYTES);
  }

  @Override
  public synchronized void read(long offset, ByteBuffer into) {
    into.put(bytes, (int) offset, into.remaining());
  }

  @Override
  public void publish(long length) throws RepositoryException {
    ByteBuffer whole;
    synchronized (this) {
      whole = ByteBuffer.wrap(bytes, 0, (int) length);
    }
    store.put(id, whole, options);
  }

  @Override
  public synchronized void close() {
    bytes = new byte[0];
  }
}
