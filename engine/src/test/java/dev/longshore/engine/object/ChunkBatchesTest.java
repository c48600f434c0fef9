package dev.longshore.engine.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChunkBatchesTest {
  private static final int CHUNK = 1000;

  private final CpuPool pool = new CpuPool("test", 3, new ByteBudget(1 << 20));
  private final ChunkBuffers buffers = new ChunkBuffers(pool, 1 << 20);
  private final Contents contents = new Contents();
  private final ChunkBatches batches =
      new ChunkBatches(contents, pool, true, _ -> ObjectId.direct(Contents.id(0)));

  @AfterEach
  void close() {
    pool.close();
  }

  /// Hashes in batches of four, when it is let; remembers what it was asked.
  private static final class Contents implements ContentWriter {
    final List<Integer> batchSizes = Collections.synchronizedList(new ArrayList<>());
    final Set<ContentId> written = Collections.synchronizedSet(new HashSet<>());
    final Semaphore let = new Semaphore(0);
    final Semaphore begun = new Semaphore(0);
    volatile boolean fails;

    static ContentId id(int first) {
      byte[] hash = new byte[16];
      hash[0] = (byte) first;
      return ContentId.of(ContentId.NO_PREFIX, hash);
    }

    @Override
    public int idBatch() {
      return 4;
    }

    @Override
    public List<ContentId> idsOf(List<PlainContent> plains) {
      if (plains.isEmpty()) {
        return List.of();
      }
      batchSizes.add(plains.size());
      begun.release();
      let.acquireUninterruptibly();
      if (fails) {
        throw new IllegalStateException("out of order");
      }
      return plains.stream().map(plain -> id(plain.data()[0])).toList();
    }

    @Override
    public void writeAs(ContentId id, PlainContent content, Optional<Compression> compression) {
      assertEquals(CHUNK, content.length());
      assertEquals(id, id(content.data()[0]));
      written.add(id);
    }

    @Override
    public ContentId write(
        char prefix, byte[] data, int offset, int length, Optional<Compression> compression) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(ContentId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void undelete(ContentId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
      throw new UnsupportedOperationException();
    }

    @Override
    public WriteStats stats() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<IndexEntry> find(ContentId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] read(ContentId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forEach(ContentRange range, Visitor visitor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void refresh() {
      throw new UnsupportedOperationException();
    }
  }

  private CompletableFuture<ObjectId> add(int first) throws Exception {
    ChunkBuffer buffer = buffers.none();
    buffer.grow(CHUNK, 0, CHUNK, true);
    buffer.reserve(CHUNK);
    buffer.array()[0] = (byte) first;
    CompletableFuture<ObjectId> id = new CompletableFuture<>();
    batches.add(new ChunkTask(ObjectBench.PLAIN, buffer, CHUNK, id));
    return id;
  }

  private static void expect(int first, CompletableFuture<ObjectId> id) throws Exception {
    assertEquals(ObjectId.direct(Contents.id(first)), id.get(30, TimeUnit.SECONDS));
  }

  @Test
  void whatComesWhileABatchIsHashedIsTheNextBatch() throws Exception {
    List<CompletableFuture<ObjectId>> ids = new ArrayList<>();
    ids.add(add(1));
    contents.begun.acquire();
    ids.add(add(2));
    ids.add(add(3));
    ids.add(add(4));
    assertFalse(contents.begun.tryAcquire(200, TimeUnit.MILLISECONDS), "three are no full batch");
    contents.let.release();
    contents.begun.acquire();
    assertEquals(List.of(1, 3), contents.batchSizes);
    for (int i = 5; i <= 8; i++) {
      ids.add(add(i));
    }
    contents.begun.acquire(); // a full batch need not wait for the other
    assertEquals(List.of(1, 3, 4), contents.batchSizes);
    contents.let.release(2);
    for (int i = 0; i < ids.size(); i++) {
      expect(i + 1, ids.get(i));
    }
    assertEquals(8, contents.written.size());
  }

  @Test
  void whoWaitsForAChunkDoesNotWaitForAFullBatch() throws Exception {
    CompletableFuture<ObjectId> first = add(1);
    contents.begun.acquire();
    CompletableFuture<ObjectId> second = add(2);
    batches.hurry();
    contents.begun.acquire();
    assertEquals(List.of(1, 1), contents.batchSizes);
    contents.let.release(2);
    expect(1, first);
    expect(2, second);
    batches.hurry(); // nothing is there
    assertEquals(2, contents.batchSizes.size());
  }

  @Test
  void aFailureReachesEachChunkOfItsBatchAndGivesItsBytesBack() throws Exception {
    CompletableFuture<ObjectId> first = add(1);
    contents.begun.acquire();
    List<CompletableFuture<ObjectId>> others = List.of(add(2), add(3));
    contents.fails = true;
    contents.let.release(2);
    assertThrows(ExecutionException.class, first::get);
    for (CompletableFuture<ObjectId> other : others) {
      assertThrows(ExecutionException.class, () -> other.get(30, TimeUnit.SECONDS));
    }
    // All of the budget is free again.
    pool.reserve(1 << 20).close();
    assertTrue(contents.written.isEmpty());
  }

  @Test
  void whatIsCancelledIsNotHashedAndWhatIsBegunEndsWhenThePoolCloses() throws Exception {
    CompletableFuture<ObjectId> first = add(1);
    contents.begun.acquire();
    CompletableFuture<ObjectId> cancelled = add(2);
    CompletableFuture<ObjectId> third = add(3);
    cancelled.cancel(false);
    Thread closing = new Thread(pool::close);
    closing.start();
    Thread.sleep(100);
    contents.let.release(2);
    expect(1, first);
    expect(3, third);
    closing.join();
    assertEquals(Set.of(Contents.id(1), Contents.id(3)), contents.written);
    assertEquals(List.of(1, 1), contents.batchSizes);
    pool.reserve(1 << 20).close();
  }
}
