package dev.longshore.engine.fetch;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.id.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Collects chunks of many files until there are so many that reading them in the order of the
/// packs pays.
///
/// One batch is read while the next is collected; who fills a batch reads it. Both together stay
/// within a number of bytes. Thread-safe.
///
/// @param <T> an owner of chunks
public final class ChunkQueue<T> {
  /// What a chunk takes: itself, its ids, its index entry, and their places in maps and lists.
  private static final int CHUNK_BYTES = 500;

  /// What an owner takes: a file, its entry of the directory, and its names.
  private static final int OWNER_BYTES = 1000;

  private static final int MAX_BATCH = 1 << 17;

  private final ChunkFetch<T> fetch;
  private final long batchBytes;
  private List<Chunk<T>> chunks = new ArrayList<>();
  private long bytes;
  private boolean reading;

  /// @param fetch reads the batches
  /// @param maxBytes of memory for what is collected and being read, about
  public ChunkQueue(ChunkFetch<T> fetch, long maxBytes) {
    this.fetch = fetch;
    this.batchBytes = maxBytes / 2;
  }

  /// Adds all chunks of an object that have bytes.
  ///
  /// @param begins told before each chunk where it ends in the object
  /// @return the object's length in bytes
  /// @throws DamagedException if its chunks leave gaps or overlap
  public long addAll(ObjectReader objects, ObjectId id, T owner, LongConsumer begins)
      throws RepositoryException, InterruptedException {
    long[] end = new long[1];
    try {
      objects.forEachChunk(
          id,
          (start, length, source) -> {
            if (start != end[0] || length < 0 || start > Long.MAX_VALUE - length) {
              throw new DamagedException(
                  "object %s: expected its next chunk at %d, found %d+%d"
                      .formatted(id, end[0], start, length));
            }
            end[0] = start + length;
            if (length > 0) {
              begins.accept(end[0]);
              addUnchecked(new Chunk<>(owner, start, length, source));
            }
          });
    } catch (CarriedInterruption e) {
      throw e.interruption;
    }
    return end[0];
  }

  private void addUnchecked(Chunk<T> chunk) {
    try {
      add(chunk);
    } catch (InterruptedException e) {
      throw new CarriedInterruption(e);
    }
  }

  /// Carries an interruption through the object reader.
  private static final class CarriedInterruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient InterruptedException interruption;

    CarriedInterruption(InterruptedException interruption) {
      super(interruption);
      this.interruption = interruption;
    }
  }

  /// Adds a chunk; reads a batch if that makes it full.
  public void add(Chunk<T> chunk) throws InterruptedException {
    List<Chunk<T>> full;
    synchronized (this) {
      chunks.add(chunk);
      bytes += chunk.start() == 0 ? OWNER_BYTES + CHUNK_BYTES : CHUNK_BYTES;
      while (isFull() && reading) {
        wait();
      }
      if (!isFull()) {
        return;
      }
      full = take();
    }
    read(full);
  }

  /// Reads what is left, when nobody adds any more.
  public void flush() throws InterruptedException {
    List<Chunk<T>> rest;
    synchronized (this) {
      while (reading) {
        wait();
      }
      rest = take();
    }
    read(rest);
  }

  private boolean isFull() {
    return bytes >= batchBytes || chunks.size() >= MAX_BATCH;
  }

  private List<Chunk<T>> take() {
    List<Chunk<T>> taken = chunks;
    chunks = new ArrayList<>();
    bytes = 0;
    reading = true;
    return taken;
  }

  private void read(List<Chunk<T>> batch) throws InterruptedException {
    try {
      fetch.read(batch);
    } finally {
      synchronized (this) {
        reading = false;
        notifyAll();
      }
    }
  }
}
