package dev.longshore.engine.fetch;

import java.util.ArrayList;
import java.util.List;

/// Collects chunks of many files until there are so many that reading them in the order of the packs pays.
///
/// One batch is read while the next is collected; who fills a batch reads it. Thread-safe.
///
/// @param <T> an owner of chunks
public final class ChunkQueue<T> {
  /// About 20 MB of heap, and at 2 MiB a chunk, 128 GiB of data.
  private static final int BATCH = 1 << 16;

  private final ChunkFetch<T> fetch;
  private List<Chunk<T>> chunks = new ArrayList<>();
  private boolean reading;

  /// @param fetch reads the batches
  public ChunkQueue(ChunkFetch<T> fetch) {
    this.fetch = fetch;
  }

  /// Adds a chunk; reads a batch if that makes it full.
  public void add(Chunk<T> chunk) throws InterruptedException {
    List<Chunk<T>> full;
    synchronized (this) {
      chunks.add(chunk);
      while (chunks.size() >= BATCH && reading) {
        wait();
      }
      if (chunks.size() < BATCH) {
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

  private List<Chunk<T>> take() {
    List<Chunk<T>> taken = chunks;
    chunks = new ArrayList<>();
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
