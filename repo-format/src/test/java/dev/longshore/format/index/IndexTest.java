package dev.longshore.format.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexTest {
  private static final ContentId A = id("00112233445566778899aabbccddeeff");
  private static final ContentId B = id("k00112233445566778899aabbccddeeff");
  private static final BlobId PACK = new BlobId("p1-s1");

  private static ContentId id(String text) {
    return ContentId.parse(text).orElseThrow();
  }

  private static IndexEntry entry(ContentId id, long time, boolean deleted, String pack) {
    return new IndexEntry(id, new BlobId(pack), 32, 100, 72, 0, deleted, time, 3, 0);
  }

  private static byte[] index(int version) {
    List<IndexEntry> entries =
        List.of(
            new IndexEntry(A, PACK, 32, 100, 72, 0, false, 1000, 3, 0),
            new IndexEntry(B, PACK, 132, 100, 72, 0, true, 1000, 3, 0));
    return IndexBuilder.of(entries).build(version, null);
  }

  private static void assertCorrupt(String problem, byte[] index) {
    CorruptException e = assertThrows(CorruptException.class, () -> IndexReader.open(index));
    assertTrue(e.toString().contains(problem), e.toString());
  }

  @Test
  void theLaterEntryWins() {
    assertTrue(entry(A, 2, false, "p1").supersedes(entry(A, 1, false, "p2")));
    assertTrue(entry(A, 2, true, "p1").supersedes(entry(A, 1, false, "p2")));
    assertFalse(entry(A, 1, false, "p2").supersedes(entry(A, 2, true, "p1")));
  }

  @Test
  void atOneTimeTheEntryThatIsNotDeletedWins() {
    assertTrue(entry(A, 1, false, "p1").supersedes(entry(A, 1, true, "p2")));
    assertFalse(entry(A, 1, true, "p2").supersedes(entry(A, 1, false, "p1")));
  }

  @Test
  void atOneTimeAndStateTheLargerPackWins() {
    assertTrue(entry(A, 1, false, "p2").supersedes(entry(A, 1, false, "p1")));
    assertTrue(entry(A, 1, true, "q1").supersedes(entry(A, 1, true, "p2")));
    assertFalse(entry(A, 1, false, "p1").supersedes(entry(A, 1, false, "p1")));
  }

  @Test
  void rejectsIndexWithUnsortedIds() {
    for (int version = 1; version <= 2; version++) {
      byte[] index = index(version);
      index[version == 1 ? 8 : 17] = 'z';
      assertCorrupt("not in the order", index);
    }
  }

  @Test
  void rejectsIndexWithAnIdTwice() {
    byte[] index = index(2);
    index[17 + 33] = 0;
    assertCorrupt("not in the order", index);
  }

  @Test
  void rejectsKeysThatCannotBeIds() {
    byte[] index = index(2);
    index[17] = 'a';
    assertCorrupt("prefix", index);
    byte[] size = index(2);
    size[1] = 40;
    assertCorrupt("at most 1 entries", size);
  }

  @Test
  void rejectsMoreEntriesThanBytes() {
    byte[] index = index(2);
    index[4] = (byte) 0xff;
    assertCorrupt("entries", index);
  }

  @Test
  void rejectsReferencesOutsideTheTables() {
    byte[] pack = index(2);
    pack[17 + 17 + 15] = 1;
    assertCorrupt("packs", pack);
    byte[] formats = index(2);
    formats[12] = 0;
    assertCorrupt("formats", formats);
    byte[] name = index(2);
    name[17 + 2 * 33 + 1] = 0x70;
    assertCorrupt("outside", name);
  }

  @Test
  void rejectsTablesWhoseNamesOverlap() {
    IndexBuilder builder = new IndexBuilder();
    for (int i = 0; i < 200; i++) {
      ContentId id = ContentId.of('k', HexFormat.of().parseHex("%032x".formatted(i)));
      builder.add(new IndexEntry(id, new BlobId("p" + i), 0, 30, 2, 0, false, 0, 3, 0));
    }
    byte[] index = builder.build(2, null);
    int table = 17 + 200 * 33;
    for (int i = 0; i < 200; i++) {
      index[table + 5 * i] = (byte) 200;
    }
    assertCorrupt("do not fit", index);
  }

  @Test
  void rejectsUnknownVersions() {
    for (int version : new int[] {0, 3, 255}) {
      byte[] index = index(2);
      index[0] = (byte) version;
      assertThrows(UnsupportedFormatException.class, () -> IndexReader.open(index));
    }
    assertCorrupt("1 bytes at least", new byte[0]);
    assertCorrupt("17 bytes at least", new byte[] {2, 17, 0, 16});
    assertCorrupt("8 bytes at least", new byte[] {1, 17, 0, 20});
  }

  @Test
  void anEmptyIndexHasNoEntries() throws IOException {
    byte[] empty = new IndexBuilder().build(1, null);
    assertEquals("01ff001400000000", HexFormat.of().formatHex(empty));
    assertEquals(0, IndexReader.open(empty).size());
    assertTrue(IndexReader.open(empty).find(A).isEmpty());
  }

  @Test
  void anIdOfAnotherHashLengthIsAbsent() throws IOException {
    IndexReader reader = IndexReader.open(index(2));
    assertEquals(-1, reader.indexOf(id("00112233445566778899aabbccddeeff00112233")));
    assertEquals(-1, reader.indexOf(id("00")));
  }

  @Test
  void refusesEntriesThatTheVersionCannotHold() {
    assertThrows(IllegalArgumentException.class, () -> build(1, 32, 100, 0x1100, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> build(1, 32, 100, 0, 1L << 48, 0));
    assertThrows(IllegalArgumentException.class, () -> build(1, 32, 100, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> build(2, 1 << 30, 100, 0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> build(2, 32, 1 << 28, 0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> build(2, 32, 100, 0, 1L << 32, 0));
    assertThrows(IllegalArgumentException.class, () -> build(2, 32, 100, 0, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> build(3, 32, 100, 0, 1, 0));
  }

  private static byte[] build(
      int version, int offset, int length, int compression, long time, int keyId) {
    IndexEntry entry =
        new IndexEntry(A, PACK, offset, length, 72, compression, false, time, 3, keyId);
    return IndexBuilder.of(List.of(entry)).build(version, null);
  }

  @Test
  void refusesEntriesOutOfOrder() {
    List<IndexEntry> entries = List.of(entry(B, 1, false, "p1"), entry(A, 1, false, "p1"));
    assertThrows(IllegalArgumentException.class, () -> IndexEncoder.encode(2, entries, null));
  }

  @Test
  void theShardOfAnIdIsTheHashOfItsText() {
    // FNV-1a of the empty string and of "a" are 811c9dc5 and e40c292c; an id has two digits at
    // least.
    int hash = 0x811c9dc5;
    for (char c : "g00".toCharArray()) {
      hash = (hash ^ c) * 16777619;
    }
    assertEquals(Integer.remainderUnsigned(hash, 7), IndexShards.shardOf(id("g00"), 7));
  }
}
