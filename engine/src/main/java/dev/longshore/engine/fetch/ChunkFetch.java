package dev.longshore.engine.fetch;

import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.PackRun;
import dev.longshore.engine.content.PackVisitor;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Reads batches of chunks in the order of the packs, each content once for all chunks that hold
/// it.
///
/// @param <T> an owner of chunks
public final class ChunkFetch<T> implements AutoCloseable {
  /// Small enough that a pack is read by several threads, large enough that a request pays.
  private static final long RUN_BYTES = 4 << 20;

  private final ContentReader contents;
  private final ChunkReceiver<T> receiver;
  private final CpuPool pool;

  /// @param threads that read, decode and hand over
  /// @param budgetBytes stored and plain bytes in flight, at most (one content is always let
  ///   through)
  public ChunkFetch(
      ContentReader contents, ChunkReceiver<T> receiver, int threads, long budgetBytes) {
    this.contents = contents;
    this.receiver = receiver;
    this.pool = new CpuPool("fetch", threads, new ByteBudget(budgetBytes));
  }

  /// Reads a batch; all its chunks have been handed over when this returns.
  public void read(List<Chunk<T>> chunks) throws InterruptedException {
    Map<ContentId, List<Chunk<T>>> wanted = new HashMap<>();
    for (Chunk<T> chunk : chunks) {
      wanted.computeIfAbsent(chunk.source().contentId(), id -> new ArrayList<>(1)).add(chunk);
    }
    List<IndexEntry> entries = new ArrayList<>();
    wanted.forEach((id, same) -> find(id, same).ifPresent(entries::add));
    List<Future<?>> reads = new ArrayList<>();
    for (PackRun run : PackRun.plan(entries, RUN_BYTES)) {
      Map<ContentId, List<Chunk<T>>> part = new HashMap<>();
      for (IndexEntry entry : run.entries()) {
        part.put(entry.contentId(), take(wanted, entry.contentId()));
      }
      long bytes = run.storedBytes() + run.largestPlainBytes();
      reads.add(pool.submit(bytes, () -> new Read(run, part).run()));
    }
    await(reads);
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

    @Nullable Void run() {
      RepositoryException fault = new NotFoundException("pack " + run.pack() + ": not read");
      if (!receiver.stopped()) {
        try {
          contents.readFromPack(run.pack(), run.entries(), this);
        } catch (RepositoryException e) {
          fault = e;
        }
      }
      for (List<Chunk<T>> chunks : wanted.values()) {
        receiver.failed(chunks, fault);
      }
      return null;
    }

    @Override
    public void content(IndexEntry entry, byte[] plain) {
      receiver.received(entry.contentId(), plain, take(wanted, entry.contentId()));
    }

    @Override
    public void fault(IndexEntry entry, RepositoryException fault) {
      receiver.failed(take(wanted, entry.contentId()), fault);
    }
  }

  /// Ends the threads.
  @Override
  public void close() {
    pool.close();
  }
}
