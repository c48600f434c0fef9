package dev.longshore.engine.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.repository.RepositoryFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChunkFetchTest {
  private static final int BUDGET = 3 << 20;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final RepositoryFormat format =
      TestContents.withPackSize(TestContents.defaultFormat(), 2 << 20);

  /// Checks what it gets and keeps none of it.
  private static final class Checker implements ChunkReceiver<byte[]> {
    final Map<Long, Boolean> seen = new ConcurrentHashMap<>();
    final List<String> faults = new ArrayList<>();

    @Override
    public boolean takesUnread(ContentId id, List<Chunk<byte[]>> chunks) {
      return false;
    }

    @Override
    public void received(ContentId id, ByteSpan content, List<Chunk<byte[]>> chunks) {
      for (Chunk<byte[]> chunk : chunks) {
        assertArrayEquals(chunk.owner(), content.toArray());
        seen.merge(chunk.start(), true, (a, b) -> false);
      }
    }

    @Override
    public synchronized void failed(List<Chunk<byte[]>> chunks, RepositoryException fault) {
      chunks.forEach(chunk -> faults.add(chunk + ": " + fault));
    }

    @Override
    public boolean stopped() {
      return false;
    }
  }

  @Test
  void muchMoreDataThanTheBudgetIsReadWithinIt() throws Exception {
    RandomGenerator random = Seeds.generator(5);
    List<Chunk<byte[]>> chunks = new ArrayList<>();
    try (ContentStore contents = TestContents.open(store, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int i = 0; i < 80; i++) {
        byte[] data = new byte[1 + random.nextInt(600_000)];
        random.nextBytes(data);
        if (i % 3 == 0) {
          System.arraycopy(new byte[data.length / 2], 0, data, 0, data.length / 2);
        }
        ContentId id = write(session, data, i % 2 == 0);
        chunks.add(new Chunk<>(data, i, data.length, new ObjectId(0, false, id)));
      }
      // One that takes more than the budget alone.
      byte[] huge = Seeds.bytes(random, BUDGET + 100_000);
      ObjectId id = new ObjectId(0, false, write(session, huge, false));
      chunks.add(new Chunk<>(huge, 80, huge.length, id));
      chunks.add(new Chunk<>(huge, 81, huge.length, id));
      session.flush();
    }
    Checker checker = new Checker();
    try (ContentStore contents = TestContents.open(store, format, clock);
        ChunkFetch<byte[]> fetch =
            new ChunkFetch<>(contents, checker, new FetchOptions(4, BUDGET, ContentCheck.HASHED))) {
      fetch.read(chunks.subList(0, 80));
      assertTrue(fetch.mostBytes() <= BUDGET, "most: " + fetch.mostBytes());
      assertTrue(fetch.mostBytes() >= BUDGET / 2, "most: " + fetch.mostBytes());
      fetch.read(chunks.subList(80, 82));
      assertTrue(fetch.mostBytes() < BUDGET + 101_000, "alone: " + fetch.mostBytes());
    }
    assertEquals(List.of(), checker.faults);
    assertEquals(82, checker.seen.size());
    assertTrue(checker.seen.values().stream().allMatch(once -> once), "each once");
  }

  private static ContentId write(ContentSession session, byte[] data, boolean compress)
      throws RepositoryException {
    Optional<Compression> compression = compress ? Optional.of(Compression.ZSTD) : Optional.empty();
    return session.write(ContentId.NO_PREFIX, data, 0, data.length, compression);
  }
}
