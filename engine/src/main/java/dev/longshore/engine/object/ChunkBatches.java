package dev.longshore.engine.object;

import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.content.ContentWriter.PlainContent;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Chunks that wait for a thread of the pool. One thread hashes as many at once as the hash likes
/// best; then each is written by itself, by any. Thread-safe.
final class ChunkBatches {
  private final ContentWriter contents;
  private final CpuPool pool;
  private final boolean contentCompression;
  private final Writer alone;
  private final Queue<ChunkTask> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger hashing = new AtomicInteger();

  /// Writes a chunk by itself.
  @FunctionalInterface
  interface Writer {
    ObjectId write(ChunkTask task) throws RepositoryException;
  }

  /// @param contentCompression see [ObjectSession]
  /// @param alone for chunks that are not to be stored as they are
  ChunkBatches(ContentWriter contents, CpuPool pool, boolean contentCompression, Writer alone) {
    this.contents = contents;
    this.pool = pool;
    this.contentCompression = contentCompression;
    this.alone = alone;
  }

  void add(ChunkTask task) {
    count.incrementAndGet();
    waiting.add(task);
    // As many runs as tasks; one that comes after another took its task has nothing to do.
    pool.execute(() -> run(false));
  }

  /// Somebody waits for what was added: no batch will get fuller.
  void hurry() {
    if (count.get() > 0) {
      pool.execute(() -> run(true));
    }
  }

  private void run(boolean hurried) {
    // Chunks that come while a batch is hashed are the next batch, which takes less time than each
    // by itself on another thread.
    if (!hurried && hashing.get() > 0 && count.get() < contents.idBatch()) {
      return; // who hashes looks again
    }
    hashing.incrementAndGet();
    List<Named> named;
    try {
      named = name(take());
    } finally {
      hashing.decrementAndGet();
      if (!waiting.isEmpty()) {
        execute(() -> run(false));
      }
    }
    for (int i = 1; i < named.size(); i++) {
      Named next = named.get(i);
      execute(() -> write(next));
    }
    if (!named.isEmpty()) {
      write(named.getFirst());
    }
  }

  /// What is begun ends, also while the pool is closed.
  private void execute(Runnable work) {
    try {
      pool.execute(work);
    } catch (RejectedExecutionException e) {
      work.run();
    }
  }

  private List<ChunkTask> take() {
    int most = contents.idBatch();
    List<ChunkTask> batch = new ArrayList<>(most);
    while (batch.size() < most) {
      ChunkTask task = waiting.poll();
      if (task == null) {
        break;
      }
      count.decrementAndGet();
      if (task.id().isDone()) {
        task.buffer().close(); // cancelled
      } else {
        batch.add(task);
      }
    }
    return batch;
  }

  /// The ids of those that are stored as they are.
  private List<Named> name(List<ChunkTask> batch) {
    List<ChunkTask> together = new ArrayList<>(batch.size());
    List<PlainContent> plains = new ArrayList<>(batch.size());
    List<Named> named = new ArrayList<>(batch.size());
    for (ChunkTask task : batch) {
      if (task.isZeros() || !(contentCompression || task.options().compression().isEmpty())) {
        named.add(new Named(task, Optional.empty()));
      } else {
        together.add(task);
        plains.add(plain(task));
      }
    }
    try {
      List<ContentId> ids = contents.idsOf(plains);
      for (int i = 0; i < ids.size(); i++) {
        named.add(new Named(together.get(i), Optional.of(ids.get(i))));
      }
    } catch (RuntimeException | Error e) {
      for (ChunkTask task : batch) {
        task.id().completeExceptionally(e);
        task.buffer().close();
      }
      throw e;
    }
    return named;
  }

  private static PlainContent plain(ChunkTask task) {
    return new PlainContent(task.options().prefix(), task.data(), 0, task.length());
  }

  private void write(Named chunk) {
    ChunkTask task = chunk.task;
    try {
      if (chunk.id.isPresent()) {
        ContentId id = chunk.id.get();
        contents.writeAs(id, plain(task), task.options().compression());
        task.id().complete(ObjectId.direct(id));
      } else {
        task.id().complete(alone.write(task));
      }
    } catch (RepositoryException | RuntimeException e) {
      task.id().completeExceptionally(e);
    } catch (Error e) {
      task.id().completeExceptionally(e);
      throw e;
    } finally {
      task.buffer().close();
    }
  }

  /// @param id empty if it is told only when it is written
  private record Named(ChunkTask task, Optional<ContentId> id) {}
}
