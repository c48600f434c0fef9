package dev.longshore.engine.restore;

import dev.longshore.format.id.ObjectId;
import java.util.ArrayList;
import java.util.List;

/// Collects chunks of many files until there are so many that reading them in the order of the
/// packs pays.
///
/// One batch is read while the next is collected; who fills a batch reads it. Thread-safe.
final class ChunkQueue {
  /// About 20 MB of heap, and at 2 MiB a chunk, 128 GiB of data.
  private static final int BATCH = 1 << 16;

  private final ChunkFetch fetch;
  private List<Chunk> chunks = new ArrayList<>();
  private boolean reading;

  ChunkQueue(ChunkFetch fetch) {
    this.fetch = fetch;
  }

  /// A piece of a file: `length` bytes from `start` are the object `source`.
  record Chunk(OutputFile file, long start, long length, ObjectId source) {}

  /// Adds a chunk; reads a batch if that makes it full.
  void add(Chunk chunk) throws InterruptedException {
    List<Chunk> full;
    synchronized (this) {
      chunk.file().chunkBegins();
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
  void flush() throws InterruptedException {
    List<Chunk> rest;
    synchronized (this) {
      while (reading) {
        wait();
      }
      rest = take();
    }
    read(rest);
  }

  private List<Chunk> take() {
    List<Chunk> taken = chunks;
    chunks = new ArrayList<>();
    reading = true;
    return taken;
  }

  private void read(List<Chunk> batch) throws InterruptedException {
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
