package dev.longshore.engine.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.check.ProviderCheck;
import dev.longshore.engine.blob.check.ProviderCheckOptions;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store does. A subclass says how an empty one is made.
public abstract class StoreContract {
  private BlobStore store;

  /// A new, empty store.
  protected abstract BlobStore newStore() throws Exception;

  /// Whether puts may ask for a lock.
  protected boolean canLock() {
    return false;
  }

  /// Whether puts may ask not to replace.
  protected boolean canPutIfAbsent() {
    return true;
  }

  /// The store under test.
  protected final BlobStore store() {
    return store;
  }

  @BeforeEach
  void openStore() throws Exception {
    store = newStore();
  }

  @AfterEach
  void closeStore() throws Exception {
    store.close();
  }

  private static final BlobId SHORT_NAME = new BlobId("kopia.repository");
  private static final BlobId LONG_NAME =
      new BlobId("q6259baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147");

  private void put(BlobId id, byte[] bytes) throws RepositoryException {
    store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void givesBackWhatWasPut() throws Exception {
    byte[] large = Seeds.bytes(Seeds.generator(1), 3_000_001);
    put(SHORT_NAME, bytes("short"));
    put(LONG_NAME, large);
    assertArrayEquals(bytes("short"), store.get(SHORT_NAME));
    assertArrayEquals(large, store.get(LONG_NAME));
  }

  @Test
  void keepsEmptyBlobs() throws Exception {
    put(LONG_NAME, new byte[0]);
    assertEquals(0, store.get(LONG_NAME).length);
    assertEquals(0, store.getRange(LONG_NAME, 0, 0).length);
    assertEquals(0, store.metadata(LONG_NAME).orElseThrow().lengthBytes());
  }

  @Test
  void putConsumesExactlyTheRemainingBytes() throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(bytes("0123456789")).position(2).limit(6);
    store.put(LONG_NAME, buffer.asReadOnlyBuffer(), PutOptions.NONE);
    assertArrayEquals(bytes("2345"), store.get(LONG_NAME));
    store.put(LONG_NAME, buffer, PutOptions.NONE);
    assertFalse(buffer.hasRemaining());
    ByteBuffer direct = ByteBuffer.allocateDirect(3).put(bytes("abc")).flip();
    store.put(LONG_NAME, direct, PutOptions.NONE);
    assertArrayEquals(bytes("abc"), store.get(LONG_NAME));
  }

  @Test
  void passesTheValidationOfProviders() throws Exception {
    List<String> steps = new ArrayList<>();
    var listener =
        new ProviderCheck.Listener() {
          @Override
          public void step(String what) {
            steps.add(what);
          }

          @Override
          public void notice(String text) {
            steps.add(text);
          }
        };
    // Clocks of tests may be anywhere.
    ProviderCheckOptions options =
        new ProviderCheckOptions(
            Duration.ofDays(36_500), Duration.ofMillis(200), 2, 2, 2, 2, 20_000);
    new ProviderCheck(
            List.of(store, store), options, Clock.systemUTC(), new SeededRandom(1), listener)
        .run();
    assertFalse(steps.isEmpty());
    assertEquals(List.of(), all());
  }

  private List<BlobId> all() throws RepositoryException {
    List<BlobId> found = new ArrayList<>();
    store.list("", blob -> found.add(blob.id()));
    return found;
  }

  @Test
  void aDraftIsSeenWholeOrNotAtAll() throws Exception {
    byte[] bytes = Seeds.bytes(Seeds.generator(2), 700_000);
    try (BlobDraft draft = store.draft(LONG_NAME, 100, PutOptions.NONE)) {
      draft.write(300_000, ByteBuffer.wrap(bytes, 300_000, 400_000));
      ByteBuffer first = ByteBuffer.allocateDirect(300_000).put(bytes, 0, 300_000).flip();
      draft.write(0, first);
      assertFalse(first.hasRemaining());
      ByteBuffer back = ByteBuffer.allocate(1000);
      draft.read(299_500, back);
      assertArrayEquals(Arrays.copyOfRange(bytes, 299_500, 300_500), back.array());
      assertTrue(store.metadata(LONG_NAME).isEmpty());
      assertEquals(List.of(), all());
      draft.publish(bytes.length);
    }
    assertArrayEquals(bytes, store.get(LONG_NAME));
    try (BlobDraft draft = store.draft(SHORT_NAME, 1 << 20, PutOptions.NONE)) {
      draft.write(0, ByteBuffer.wrap(bytes));
    }
    assertTrue(store.metadata(SHORT_NAME).isEmpty());
    assertEquals(List.of(LONG_NAME), all());
  }

  @Test
  void draftsReplaceUnlessTheyMustNot() throws Exception {
    put(LONG_NAME, bytes("old, and longer"));
    try (BlobDraft draft = store.draft(LONG_NAME, 3, PutOptions.NONE)) {
      draft.write(0, ByteBuffer.wrap(bytes("new")));
      draft.publish(3);
    }
    assertArrayEquals(bytes("new"), store.get(LONG_NAME));
    if (canPutIfAbsent()) {
      PutOptions absent = new PutOptions(Optional.empty(), true);
      try (BlobDraft draft = store.draft(LONG_NAME, 3, absent)) {
        draft.write(0, ByteBuffer.wrap(bytes("too")));
        assertThrows(StoreException.class, () -> draft.publish(3));
      }
      assertArrayEquals(bytes("new"), store.get(LONG_NAME));
    }
  }

  @Test
  void putReplaces() throws Exception {
    put(LONG_NAME, bytes("old, and longer"));
    put(LONG_NAME, bytes("new"));
    assertArrayEquals(bytes("new"), store.get(LONG_NAME));
    assertEquals(3, store.metadata(LONG_NAME).orElseThrow().lengthBytes());
  }

  @Test
  void readsRanges() throws Exception {
    put(LONG_NAME, bytes("0123456789"));
    assertArrayEquals(bytes("345"), store.getRange(LONG_NAME, 3, 3));
    assertArrayEquals(bytes("9"), store.getRange(LONG_NAME, 9, 1));
    assertArrayEquals(bytes("0123456789"), store.getRange(LONG_NAME, 0, 10));
  }

  @Test
  void fillsAPartOfABufferWithARange() throws Exception {
    byte[] content = Seeds.bytes(Seeds.generator(1), 700_001);
    put(LONG_NAME, content);
    ByteBuffer into = ByteBuffer.allocate(800_000).position(10).limit(600_010);
    store.getRange(LONG_NAME, 100_001, into);
    assertEquals(600_010, into.position());
    assertEquals(600_010, into.limit());
    assertArrayEquals(
        Arrays.copyOfRange(content, 100_001, 700_001),
        Arrays.copyOfRange(into.array(), 10, 600_010));
    assertArrayEquals(new byte[10], Arrays.copyOf(into.array(), 10));
    assertEquals(0, into.array()[600_010]);
    store.getRange(LONG_NAME, 0, ByteBuffer.allocate(0));
    ByteBuffer tooLarge = ByteBuffer.allocate(700_002);
    assertThrows(StoreException.class, () -> store.getRange(LONG_NAME, 0, tooLarge));
  }

  @Test
  void rangeBeyondTheEndIsAFaultNotAShortRead() throws Exception {
    put(LONG_NAME, bytes("0123456789"));
    StoreException fault =
        assertThrows(StoreException.class, () -> store.getRange(LONG_NAME, 8, 3));
    assertEquals(StoreException.Retry.NEVER, fault.retry());
    assertThrows(StoreException.class, () -> store.getRange(LONG_NAME, 11, 1));
    assertThrows(StoreException.class, () -> store.getRange(LONG_NAME, Long.MAX_VALUE, 1));
  }

  @Test
  void missingBlobIsNotFound() throws Exception {
    assertThrows(NotFoundException.class, () -> store.get(LONG_NAME));
    assertThrows(NotFoundException.class, () -> store.getRange(LONG_NAME, 0, 1));
    assertEquals(Optional.empty(), store.metadata(LONG_NAME));
    store.delete(LONG_NAME);
  }

  @Test
  void deletedBlobIsGone() throws Exception {
    put(LONG_NAME, bytes("x"));
    store.delete(LONG_NAME);
    assertThrows(NotFoundException.class, () -> store.get(LONG_NAME));
    assertEquals(List.of(), list(""));
  }

  @Test
  void listsByPrefix() throws Exception {
    Set<String> names = new TreeSet<>();
    for (String name :
        List.of(
            "kopia.repository",
            "kopia.blobcfg",
            "p0123456789abcdef0123456789abcdef-s0123456789abcdef147",
            "p0223456789abcdef0123456789abcdef-s0123456789abcdef147",
            "q0123456789abcdef0123456789abcdef-s0123456789abcdef147",
            "xe8",
            "xn0_0123456789abcdef0123456789abcdef-s0123456789abcdef147-c1",
            "xn10_0123456789abcdef0123456789abcdef-s0123456789abcdef147-c1",
            "_log_20261121_0123_1_2_3_0123456789abcdef")) {
      names.add(name);
      put(new BlobId(name), bytes(name));
    }
    for (String prefix :
        List.of("", "p", "p0", "p01", "p012345", "kopia.", "x", "xn", "xn1", "xe8", "z", "_l")) {
      List<String> expected = names.stream().filter(name -> name.startsWith(prefix)).toList();
      List<BlobMetadata> found = list(prefix);
      assertEquals(
          expected, found.stream().map(blob -> blob.id().value()).sorted().toList(), prefix);
      for (BlobMetadata blob : found) {
        assertEquals(blob.id().value().length(), blob.lengthBytes());
        assertEquals(store.metadata(blob.id()).orElseThrow(), blob);
      }
    }
  }

  @Test
  void aVisitorCanStopAList() throws Exception {
    put(SHORT_NAME, bytes("a"));
    put(LONG_NAME, bytes("b"));
    List<BlobMetadata> seen = new ArrayList<>();
    assertThrows(
        NotFoundException.class,
        () ->
            store.list(
                "",
                blob -> {
                  seen.add(blob);
                  throw new NotFoundException("enough");
                }));
    assertEquals(1, seen.size());
  }

  @Test
  void putIfAbsentDoesNotReplace() throws Exception {
    PutOptions ifAbsent = new PutOptions(Optional.empty(), true);
    if (!canPutIfAbsent()) {
      assertThrows(
          UnsupportedException.class,
          () -> store.put(LONG_NAME, ByteBuffer.wrap(bytes("x")), ifAbsent));
      return;
    }
    store.put(LONG_NAME, ByteBuffer.wrap(bytes("first")), ifAbsent);
    StoreException fault =
        assertThrows(
            StoreException.class,
            () -> store.put(LONG_NAME, ByteBuffer.wrap(bytes("second")), ifAbsent));
    assertEquals(StoreException.Retry.NEVER, fault.retry());
    assertArrayEquals(bytes("first"), store.get(LONG_NAME));
  }

  @Test
  void refusesALockItCannotKeep() throws Exception {
    PutOptions locked =
        new PutOptions(Optional.of(new BlobRetention("GOVERNANCE", Duration.ofDays(1))), false);
    if (canLock()) {
      store.put(LONG_NAME, ByteBuffer.wrap(bytes("x")), locked);
      assertArrayEquals(bytes("x"), store.get(LONG_NAME));
    } else {
      assertThrows(
          UnsupportedException.class,
          () -> store.put(LONG_NAME, ByteBuffer.wrap(bytes("x")), locked));
      assertEquals(Optional.empty(), store.metadata(LONG_NAME));
    }
  }

  @Test
  void concurrentPutsOfOneNameLeaveOneOfThem() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> puts = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        byte[] content = bytes("content ".repeat(2000) + (char) ('a' + i));
        puts.add(
            threads.submit(() -> {
              put(LONG_NAME, content);
              byte[] found = store.get(LONG_NAME);
              assertEquals(content.length, found.length);
              return true;
            }));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    }
    assertEquals(1, list("").size());
  }

  @Test
  void describesItself() {
    assertFalse(store.description().type().isEmpty());
    assertFalse(store.description().displayName().isEmpty());
    assertTrue(store.description().configJson().startsWith("{"));
  }

  private List<BlobMetadata> list(String prefix) throws RepositoryException {
    List<BlobMetadata> found = new ArrayList<>();
    store.list(prefix, found::add);
    return found;
  }
}
