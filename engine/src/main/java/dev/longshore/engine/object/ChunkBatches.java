package dev.longshore.engine.object;

import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.content.ContentWriter.PlainContent;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Chunks that wait for a thread of the pool, which takes as many at once as the hash likes best,
/// if there are enough for the other threads too. Thread-safe.
final class ChunkBatches {
  private final ContentWriter contents;
  private final CpuPool pool;
  private final boolean contentCompression;
  private final Writer alone;
  private final Queue<ChunkTask> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

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
    pool.execute(this::run);
  }

  private void run() {
    List<ChunkTask> batch = take();
    try {
      write(batch);
    } catch (RuntimeException | Error e) {
      batch.forEach(task -> task.id().completeExceptionally(e));
      throw e;
    } finally {
      for (ChunkTask task : batch) {
        task.buffer().close();
      }
    }
  }

  private List<ChunkTask> take() {
    int there = count.get();
    int full = contents.idBatch();
    // Half a batch made at once takes less time than its parts made side by side.
    int share = 2 * there >= full ? there : (there + pool.workers() - 1) / pool.workers();
    int most = Math.clamp(share, 1, full);
    List<ChunkTask> batch = new ArrayList<>(most);
    while (batch.size() < most) {
      ChunkTask task = waiting.poll();
      if (task == null) {
        break;
      }
      count.decrementAndGet();
      batch.add(task);
    }
    return batch;
  }

  private void write(List<ChunkTask> batch) {
    List<ChunkTask> together = new ArrayList<>(batch.size());
    List<PlainContent> plains = new ArrayList<>(batch.size());
    for (ChunkTask task : batch) {
      if (task.id().isDone()) {
        continue; // cancelled
      }
      if (task.isZeros() || !(contentCompression || task.options().compression().isEmpty())) {
        complete(task, () -> alone.write(task));
      } else {
        together.add(task);
        plains.add(new PlainContent(task.options().prefix(), task.data(), 0, task.length()));
      }
    }
    List<ContentId> ids = contents.idsOf(plains);
    for (int i = 0; i < ids.size(); i++) {
      ContentId id = ids.get(i);
      PlainContent plain = plains.get(i);
      Optional<Compression> compression = together.get(i).options().compression();
      complete(
          together.get(i),
          () -> {
            contents.writeAs(id, plain, compression);
            return ObjectId.direct(id);
          });
    }
  }

  @FunctionalInterface
  private interface Call {
    ObjectId run() throws RepositoryException;
  }

  private static void complete(ChunkTask task, Call call) {
    try {
      task.id().complete(call.run());
    } catch (RepositoryException | RuntimeException e) {
      task.id().completeExceptionally(e);
    }
  }
}
