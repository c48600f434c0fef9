package dev.longshore.engine.fetch;

import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.PackRun;
import dev.longshore.engine.content.PackVisitor;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads batches of chunks in the order of the packs, each content once for all chunks that hold
/// it.
///
/// @param <T> an owner of chunks
public final class ChunkFetch<T> implements AutoCloseable {
  private final ContentReader contents;
  private final ChunkReceiver<T> receiver;
  private final ContentCheck check;
  private final BoundedBuffers buffers;
  private final int threads;
  private final ExecutorService pool;

  /// An idle fetch; its threads start with the first batch.
  public ChunkFetch(ContentReader contents, ChunkReceiver<T> receiver, FetchOptions options) {
    this.contents = contents;
    this.receiver = receiver;
    this.check = options.check();
    this.buffers = contents.buffers(options.budgetBytes(), check);
    this.threads = options.threads();
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("fetch-", 0).factory());
  }

  /// Reads a batch; all its chunks have been handed over when this returns.
  public void read(List<Chunk<T>> chunks) throws InterruptedException {
    Map<ContentId, List<Chunk<T>>> wanted = new HashMap<>();
    for (Chunk<T> chunk : chunks) {
      wanted.computeIfAbsent(chunk.source().contentId(), id -> new ArrayList<>(1)).add(chunk);
    }
    List<IndexEntry> entries = new ArrayList<>();
    wanted.forEach((id, same) -> find(id, same).ifPresent(entries::add));
    Queue<Read> reads = new ConcurrentLinkedQueue<>();
    for (PackRun run : PackRun.plan(entries, buffers.usualBytes())) {
      Map<ContentId, List<Chunk<T>>> part = new HashMap<>();
      for (IndexEntry entry : run.entries()) {
        part.put(entry.contentId(), take(wanted, entry.contentId()));
      }
      reads.add(new Read(run, part));
    }
    List<Future<?>> workers = new ArrayList<>();
    for (int i = Math.min(threads, reads.size()); i > 0; i--) {
      workers.add(
          pool.submit(() -> {
            for (Read read = reads.poll(); read != null; read = reads.poll()) {
              read.run();
            }
          }));
    }
    await(workers);
  }

  private List<Chunk<T>> take(Map<ContentId, List<Chunk<T>>> wanted, ContentId id) {
    List<Chunk<T>> chunks = wanted.remove(id);
    return chunks == null ? List.of() : chunks;
  }

  /// Finds where a content is; hands its chunks over if it need not be read, or cannot be.
  private Optional<IndexEntry> find(ContentId id, List<Chunk<T>> chunks) {
    if (receiver.takesUnread(id, chunks)) {
      return Optional.empty();
    }
    try {
      Optional<IndexEntry> entry = contents.find(id);
      if (entry.isEmpty()) {
        receiver.failed(
            chunks,
            new NotFoundException("content " + id + ": expected an index entry, found none"));
      }
      return entry;
    } catch (RepositoryException e) {
      receiver.failed(chunks, e);
      return Optional.empty();
    }
  }

  private static void await(List<Future<?>> reads) throws InterruptedException {
    for (Future<?> read : reads) {
      try {
        read.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  /// Reads one run of a pack. Its own thread's alone.
  private final class Read implements PackVisitor {
    private final PackRun run;
    private final Map<ContentId, List<Chunk<T>>> wanted;

    Read(PackRun run, Map<ContentId, List<Chunk<T>>> wanted) {
      this.run = run;
      this.wanted = wanted;
    }

    void run() {
      RepositoryException fault = new NotFoundException("pack " + run.pack() + ": not read");
      if (!receiver.stopped()) {
        try {
          contents.read(run, buffers, check, this);
        } catch (RepositoryException e) {
          fault = e;
        } catch (InterruptedException e) {
          fault = Faults.interrupted("read pack " + run.pack(), e);
        }
      }
      for (List<Chunk<T>> chunks : wanted.values()) {
        receiver.failed(chunks, fault);
      }
    }

    @Override
    public void content(IndexEntry entry, ByteSpan plain) {
      receiver.received(entry.contentId(), plain, take(wanted, entry.contentId()));
    }

    @Override
    public void mended(IndexEntry entry) {
      receiver.mended(entry.contentId());
    }

    @Override
    public void fault(IndexEntry entry, RepositoryException fault) {
      receiver.failed(take(wanted, entry.contentId()), fault);
    }
  }

  /// The most memory that reading ever took at once, in bytes.
  long mostBytes() {
    return buffers.mostBytes();
  }

  /// Ends the threads.
  @Override
  public void close() {
    pool.close();
  }
}
