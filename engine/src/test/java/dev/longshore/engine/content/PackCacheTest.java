package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PackCacheTest {
  private static final BlobId PACK = new BlobId("q1");

  private final FaultyStore store =
      new FaultyStore(new MemoryStore(FakeClock.of2026()), Retry.NEVER);
  private final RandomGenerator random = Seeds.generator(2);
  private final byte[] pack = Seeds.bytes(random, 300_001);

  @BeforeEach
  void putPack() throws Exception {
    store.put(PACK, ByteBuffer.wrap(pack), PutOptions.NONE);
  }

  private IndexEntry entry(int offset, int length) {
    ContentId id = ContentId.of('k', Seeds.bytes(random, 16));
    return new IndexEntry(id, PACK, offset, length, length, 0, false, 1, 3, 0);
  }

  @Test
  void aPackIsFetchedFromTheSecondTimeOn() throws Exception {
    PackCache cache = new PackCache(store, Optional.empty(), 16 * 10_000);
    assertEquals(Optional.empty(), cache.get(entry(0, 10)));
    assertEquals(1, store.count());
    byte[] found = cache.get(entry(5, 10)).orElseThrow();
    assertArrayEquals(Arrays.copyOfRange(pack, 5, 15), found);
    int calls = store.count();
    assertEquals(10, cache.get(entry(100, 10)).orElseThrow().length);
    assertEquals(calls, store.count(), "no further request");
  }

  @Test
  void everyPlaceIsReadAsItIsInBoundedMemory() throws Exception {
    PackCache cache = new PackCache(store, Optional.empty(), 16 * 10_000);
    assertTrue(cache.get(entry(0, 1)).isEmpty());
    for (int round = 0; round < 2000; round++) {
      int length = random.nextInt(10_001);
      int offset = random.nextInt(pack.length - length + 1);
      byte[] found = cache.get(entry(offset, length)).orElseThrow();
      assertArrayEquals(Arrays.copyOfRange(pack, offset, offset + length), found);
      assertTrue(cache.keptBytes() <= 16 * 10_000);
    }
  }

  @Test
  void whatIsTooLongOrBehindTheEndIsLeftToTheCaller() throws Exception {
    PackCache cache = new PackCache(store, Optional.empty(), 16 * 10_000);
    assertTrue(cache.get(entry(0, 1)).isEmpty());
    assertTrue(cache.get(entry(0, 10_001)).isEmpty());
    assertTrue(cache.get(entry(pack.length - 5, 6)).isEmpty());
    assertEquals(5, cache.get(entry(pack.length - 5, 5)).orElseThrow().length);
  }

  @Test
  void aStoreThatGivesTooLittleIsFoundOut() throws Exception {
    PackCache cache = new PackCache(store, Optional.empty(), 16 * 10_000);
    assertTrue(cache.get(entry(0, 1)).isEmpty());
    assertEquals(1, cache.get(entry(0, 1)).orElseThrow().length);
    store.failNext(FaultyStore.Fault.SHORT);
    assertThrows(DamagedException.class, () -> cache.get(entry(20_000, 10)));
    assertEquals(10, cache.get(entry(20_000, 10)).orElseThrow().length, "it was not kept");
  }
}
