package dev.longshore.engine.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every store's view of the past shows. A subclass says where versions are kept.
public abstract class PastContract {
  private static final BlobId CHANGED = new BlobId("pa");
  private static final BlobId DELETED = new BlobId("pb");
  private static final BlobId LATE = new BlobId("pc");

  /// The place now, empty at first.
  protected abstract BlobStore present() throws Exception;

  /// The same place as it was.
  protected abstract BlobStore past(Instant time) throws Exception;

  /// Waits until the place's clock has gone on by more than a second, and returns a time between.
  protected abstract Instant pass() throws Exception;

  private static void put(BlobStore store, BlobId id, String text) throws Exception {
    store.put(id, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), PutOptions.NONE);
  }

  private static void assertContent(String text, BlobStore store, BlobId id) throws Exception {
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), store.get(id));
    assertEquals(text.length(), store.metadata(id).orElseThrow().lengthBytes());
    assertEquals(
        text.substring(1, 3), new String(store.getRange(id, 1, 2), StandardCharsets.UTF_8));
  }

  private static List<String> names(BlobStore store, String prefix) throws Exception {
    List<String> names = new ArrayList<>();
    store.list(prefix, blob -> names.add(blob.id().value() + " " + blob.lengthBytes()));
    return names;
  }

  @Test
  void showsEachTimeAsItWas() throws Exception {
    try (BlobStore now = present()) {
      Instant before = pass();
      put(now, CHANGED, "first");
      put(now, DELETED, "to be deleted");
      Instant first = pass();
      put(now, CHANGED, "and then the second");
      now.delete(DELETED);
      put(now, LATE, "late");
      put(now, new BlobId("q1"), "else");
      Instant second = pass();
      now.delete(CHANGED);
      Instant third = pass();
      try (BlobStore past = past(before)) {
        assertEquals(List.of(), names(past, ""));
        assertThrows(NotFoundException.class, () -> past.get(CHANGED));
      }
      try (BlobStore past = past(first)) {
        assertEquals(List.of("pa 5", "pb 13"), names(past, "p"));
        assertContent("first", past, CHANGED);
        assertContent("to be deleted", past, DELETED);
        assertTrue(past.metadata(LATE).isEmpty());
        StoreException beyond =
            assertThrows(StoreException.class, () -> past.getRange(CHANGED, 4, 2));
        assertEquals(StoreException.Retry.NEVER, beyond.retry());
      }
      try (BlobStore past = past(second)) {
        assertEquals(List.of("pa 19", "pc 4", "q1 4"), names(past, ""));
        assertContent("and then the second", past, CHANGED);
        assertThrows(NotFoundException.class, () -> past.get(DELETED));
        assertTrue(past.metadata(DELETED).isEmpty());
      }
      try (BlobStore past = past(third)) {
        assertEquals(List.of("pc 4"), names(past, "p"));
        assertThrows(NotFoundException.class, () -> past.get(CHANGED));
      }
    }
  }

  @Test
  void listsBlobsWhoseVersionsFillPages() throws Exception {
    try (BlobStore now = present()) {
      for (int round = 0; round < 7; round++) {
        for (int i = 0; i < 5; i++) {
          put(now, new BlobId("p" + i), "x".repeat(round + 1));
        }
      }
      pass();
      now.delete(new BlobId("p3"));
      Instant end = pass();
      try (BlobStore past = past(end)) {
        assertEquals(List.of("p0 7", "p1 7", "p2 7", "p4 7"), names(past, ""));
      }
    }
  }

  @Test
  void cannotBeChanged() throws Exception {
    try (BlobStore past = past(Instant.now())) {
      assertThrows(UnsupportedException.class, () -> put(past, CHANGED, "x"));
      assertThrows(UnsupportedException.class, () -> past.delete(CHANGED));
    }
  }
}
