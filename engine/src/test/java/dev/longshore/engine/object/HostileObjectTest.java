package dev.longshore.engine.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Chunk lists that nobody would write by accident: a clear error, in time and memory that the list
/// justifies.
class HostileObjectTest {
  private static final int LIMIT = 1 << 20;

  private ObjectBench bench;
  private ObjectId chunk;

  @BeforeEach
  void open() throws Exception {
    bench = new ObjectBench("FIXED-128K");
    chunk = bench.write("0123456789".getBytes(StandardCharsets.US_ASCII));
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private ObjectId list(String json) throws RepositoryException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ObjectId.indirect(
        ObjectId.direct(bench.contents.write('x', bytes, 0, bytes.length, Optional.empty())));
  }

  private ObjectId listOf(String... entries) throws RepositoryException {
    return list(
        "{\"stream\":\"kopia:indirect\",\"entries\":[" + String.join(",", entries) + "]}\n");
  }

  private static String entry(long start, long length, Object id) {
    return "{\"s\":" + start + ",\"l\":" + length + ",\"o\":\"" + id + "\"}";
  }

  private void assertDamaged(ObjectId id) {
    assertThrows(DamagedException.class, () -> bench.reader.readAll(id, LIMIT), id.toString());
  }

  @Test
  void refusesWhatIsNoList() throws Exception {
    for (String json :
        new String[] {
          "",
          "null",
          "[]",
          "{}",
          "{\"stream\":\"kopia:directory\",\"entries\":[]}",
          "{\"stream\":\"kopia:indirect\",\"entries\":[]}",
          "{\"stream\":\"kopia:indirect\",\"entries\":null}",
          "{\"stream\":\"kopia:indirect\",\"entries\":[null]}",
          "{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":10,\"o\":\"" + chunk + "\"}",
          "{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":10,\"o\":\"\"}]}",
          "{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":10,\"o\":\"IZ00\"}]}"
        }) {
      ObjectId id = list(json);
      assertDamaged(id);
      assertThrows(DamagedException.class, () -> bench.reader.length(id));
      assertThrows(
          DamagedException.class, () -> bench.reader.forEachChunk(id, (start, length, c) -> {}));
      assertThrows(DamagedException.class, () -> bench.reader.forEachContent(id, c -> {}));
    }
  }

  @Test
  void refusesGapsOverlapsAndLengthsThatAreNotTrue() throws Exception {
    assertDamaged(listOf(entry(5, 10, chunk)));
    assertDamaged(listOf(entry(0, 10, chunk), entry(11, 10, chunk)));
    assertDamaged(listOf(entry(0, 10, chunk), entry(9, 10, chunk)));
    assertDamaged(listOf(entry(0, 9, chunk)));
    assertDamaged(listOf(entry(0, 11, chunk)));
    assertDamaged(listOf(entry(0, 0, chunk)));
    assertDamaged(listOf(entry(0, -10, chunk)));
    assertDamaged(listOf(entry(0, Long.MAX_VALUE, chunk)));
    assertDamaged(listOf(entry(0, 10, chunk), entry(10, Long.MAX_VALUE, chunk)));
    assertDamaged(list("{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":1e99}]}"));
  }

  @Test
  void saysWhichContentIsMissing() throws Exception {
    ContentId missing = ContentId.of(ContentId.NO_PREFIX, new byte[16]);
    ObjectId id = listOf(entry(0, 10, missing));
    NotFoundException fault =
        assertThrows(NotFoundException.class, () -> bench.reader.readAll(id, LIMIT));
    assertTrue(fault.toString().contains(missing.toString()), fault.toString());
    assertEquals(10, bench.reader.length(id), "lists alone are enough for the length");
    assertThrows(NotFoundException.class, () -> bench.reader.length(ObjectId.direct(missing)));
  }

  @Test
  void readsNestedListsAndChecksTheirLengths() throws Exception {
    ObjectId inner = listOf(entry(0, 10, chunk), entry(10, 10, chunk));
    ObjectId outer = listOf(entry(0, 10, chunk), entry(10, 20, inner), entry(30, 10, chunk));
    assertArrayEquals(
        "0123456789".repeat(4).getBytes(StandardCharsets.US_ASCII),
        bench.reader.readAll(outer, LIMIT));
    assertDamaged(listOf(entry(0, 19, inner)));
    assertDamaged(listOf(entry(0, 21, inner)));
    assertDamaged(listOf(entry(0, 0, inner)));
  }

  @Test
  void refusesNestingWithoutSense() throws Exception {
    ObjectId deep = listOf(entry(0, 10, chunk));
    for (int level = 0; level < 5; level++) {
      deep = listOf(entry(0, 10, deep));
    }
    assertEquals(10, bench.reader.readAll(deep, LIMIT).length);
    for (int level = 0; level < 100; level++) {
      deep = listOf(entry(0, 10, deep));
    }
    assertDamaged(deep);
    ObjectId tooIndirect = new ObjectId(16, false, chunk.contentId());
    assertDamaged(tooIndirect);
  }

  @Test
  void aBombOfListsIsReadInBoundedMemoryAndNoFurtherThanAsked() throws Exception {
    String[] entries = new String[500];
    ObjectId level = chunk;
    long length = 10;
    for (int depth = 0; depth < 6; depth++) {
      for (int i = 0; i < entries.length; i++) {
        entries[i] = entry(i * length, length, level);
      }
      level = listOf(entries);
      length *= entries.length;
    }
    ObjectId bomb = level;
    assertEquals(10L * 15_625_000_000_000_000L, length);
    assertThrows(DamagedException.class, () -> bench.reader.readAll(bomb, LIMIT));
    try (InputStream in = bench.reader.openAt(bomb, 4321)) {
      assertArrayEquals("1234".getBytes(StandardCharsets.US_ASCII), in.readNBytes(4));
    }
  }

  @Test
  void skipsWithoutReadingWhatIsSkipped() throws Exception {
    ContentId missing = ContentId.of(ContentId.NO_PREFIX, new byte[16]);
    ObjectId id = listOf(entry(0, 1000, missing), entry(1000, 10, chunk), entry(1010, 50, missing));
    try (InputStream in = bench.reader.openAt(id, 1003)) {
      assertEquals("3456789", new String(in.readNBytes(7), StandardCharsets.US_ASCII));
      assertEquals(50, in.skip(500));
      assertEquals(-1, in.read());
    }
    try (InputStream in = bench.reader.openAt(id, 5000)) {
      assertEquals(-1, in.read());
    }
    assertThrows(IllegalArgumentException.class, () -> bench.reader.openAt(id, -1));
  }

  @Test
  void readsFromAnyPlace() throws Exception {
    byte[] data = Seeds.bytes(Seeds.generator(1), 700_000);
    ObjectId id = bench.write(data);
    Seeds.check(
        50,
        random -> {
          int from = random.nextInt(data.length + 1);
          int count = random.nextInt(1, 300_000);
          try (InputStream in = bench.reader.openAt(id, from)) {
            int to = Math.min(data.length, from + count);
            assertArrayEquals(Arrays.copyOfRange(data, from, to), in.readNBytes(count));
          }
        });
  }

  @Test
  void readAllRefusesMoreThanItsLimit() throws Exception {
    assertDamagedLonger(chunk, 9);
    assertEquals(10, bench.reader.readAll(chunk, 10).length);
  }

  private void assertDamagedLonger(ObjectId id, int limit) {
    assertThrows(DamagedException.class, () -> bench.reader.readAll(id, limit));
  }
}
