package dev.longshore.format.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Random entries through writers, readers and merges.
class IndexPropertyTest {
  private static final int[] HASH_LENGTHS = {16, 28, 32};

  /// What random entries look like.
  private record Shape(int version, int count, int packs, int formats, int maxLength) {
    static Shape random(int version, Random random) {
      return new Shape(
          version,
          random.nextInt(300),
          1 + random.nextInt(20),
          1 + random.nextInt(3),
          random.nextBoolean() ? 1 << 20 : 1 << 28);
    }
  }

  private static ContentId id(int hashLength, Random random) {
    byte[] hash = new byte[hashLength];
    random.nextBytes(hash);
    char prefix = random.nextInt(3) > 0 ? ContentId.NO_PREFIX : (char) ('g' + random.nextInt(20));
    return ContentId.of(prefix, hash);
  }

  private static BlobId pack(int number) {
    return new BlobId(
        (number % 2 == 0 ? "p" : "q") + "%08x-s%d".formatted(number * 77, number % 9));
  }

  private static IndexEntry entry(ContentId id, Shape shape, Random random) {
    boolean old = shape.version == 1;
    int packed = random.nextInt(old ? Integer.MAX_VALUE : shape.maxLength);
    int format = random.nextInt(shape.formats);
    return new IndexEntry(
        id,
        pack(random.nextInt(shape.packs)),
        random.nextInt(1 << 30),
        packed,
        old ? Math.max(0, packed - 28) : random.nextInt(shape.maxLength),
        old ? 0 : format * 0x1100,
        random.nextInt(5) == 0,
        old ? random.nextLong(1L << 48) : random.nextLong(1L << 32),
        1 + random.nextInt(2),
        0);
  }

  private static List<IndexEntry> entries(Shape shape, Random random) {
    int hashLength = HASH_LENGTHS[random.nextInt(HASH_LENGTHS.length)];
    List<IndexEntry> entries = new ArrayList<>();
    for (int i = 0; i < shape.count; i++) {
      entries.add(entry(id(hashLength, random), shape, random));
    }
    return entries;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everyEntryComesBack(int version) throws IOException {
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      List<IndexEntry> entries = entries(Shape.random(version, random), random);
      boolean trailer = random.nextBoolean();
      byte[] index = IndexBuilder.of(entries).build(version, trailer ? random : null);
      IndexReader reader = IndexReader.open(index);
      String which = "seed " + seed;
      assertEquals(entries.size(), reader.size(), which);
      assertEquals(version, reader.version(), which);
      List<IndexEntry> sorted = IndexBuilder.of(entries).sorted();
      List<IndexEntry> read = new ArrayList<>();
      reader.forEach(read::add);
      assertEquals(sorted, read, which);
      for (int i = 0; i < sorted.size(); i++) {
        assertEquals(i, reader.indexOf(sorted.get(i).contentId()), which);
      }
      for (int i = 0; i < 50; i++) {
        ContentId absent = id(HASH_LENGTHS[random.nextInt(3)], random);
        assertTrue(reader.find(absent).isEmpty(), which);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,100,16", "1,2,100,17", "65537,1,100,18", "1,1,16777216,19", "9,2,268435455,19"})
  void theValueIsAsShortAsTheEntriesAllow(int packs, int formats, int length, int valueLength)
      throws IOException {
    Random random = new Random(packs + formats + length);
    List<IndexEntry> entries = new ArrayList<>();
    for (int i = 0; i < Math.max(packs, 3); i++) {
      ContentId id = id(16, random);
      int version = 1 + i % formats;
      BlobId pack = pack(i % packs);
      entries.add(new IndexEntry(id, pack, i, length, length - 1, 0, false, i, version, 0));
    }
    byte[] index = IndexBuilder.of(entries).build(2, null);
    assertEquals(valueLength, index[3]);
    List<IndexEntry> read = new ArrayList<>();
    IndexReader.open(index).forEach(read::add);
    assertEquals(IndexBuilder.of(entries).sorted(), read);
  }

  @Test
  void readsTimesAfterTheBaseTime() throws IOException {
    Random random = new Random(1);
    IndexEntry entry = entry(id(16, random), new Shape(2, 1, 1, 1, 100), random);
    byte[] index = IndexBuilder.of(List.of(entry)).build(2, null);
    HexFormat hex = HexFormat.of();
    System.arraycopy(hex.parseHex("fffffff0"), 0, index, 13, 4);
    IndexReader reader = IndexReader.open(index);
    assertEquals(entry.timestampSeconds() + 0xfffffff0L, reader.timestampSeconds(0));
  }

  @Test
  void clusteredIdsAreFoundToo() throws IOException {
    // Hashes that all begin alike defeat the first guess of the search.
    for (int cluster = 0; cluster < 4; cluster++) {
      List<IndexEntry> entries = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        byte[] hash = new byte[16];
        Arrays.fill(hash, (byte) (cluster % 2 == 0 ? 0xff : 0));
        hash[cluster < 2 ? 14 : 7] = (byte) (i >>> 8);
        hash[15] = (byte) i;
        ContentId id = ContentId.of(ContentId.NO_PREFIX, hash);
        entries.add(new IndexEntry(id, pack(1), i, 30, 2, 0, false, 5, 3, 0));
      }
      IndexReader reader = IndexReader.open(IndexBuilder.of(entries).build(2, null));
      for (IndexEntry entry : entries) {
        assertEquals(entry, reader.find(entry.contentId()).orElseThrow());
      }
    }
  }

  @Test
  void rangesOfPrefixesHoldExactlyTheirIds() throws IOException {
    Random random = new Random(3);
    List<IndexEntry> entries = entries(new Shape(2, 3000, 3, 1, 100), random);
    IndexReader reader = IndexReader.open(IndexBuilder.of(entries).build(2, null));
    for (char prefix = 'g'; prefix <= 'z'; prefix++) {
      char wanted = prefix;
      long expected = entries.stream().filter(e -> e.contentId().prefix() == wanted).count();
      int start = reader.lowerBound(prefix);
      int end = reader.lowerBound((char) (prefix + 1));
      assertEquals(expected, end - start);
      for (int i = start; i < end; i++) {
        assertEquals(prefix, reader.contentId(i).prefix());
      }
    }
    assertEquals(0, reader.lowerBound(ContentId.NO_PREFIX));
    assertEquals(reader.lowerBound('g'), reader.lowerBound('1'));
  }

  @Test
  void mergesAsANaiveMapDoes() throws IOException {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      List<ContentId> ids = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        ids.add(id(16, random));
      }
      Map<ContentId, IndexEntry> expected = new TreeMap<>();
      List<IndexReader> readers = new ArrayList<>();
      for (int blob = random.nextInt(6); blob >= 0; blob--) {
        int version = 1 + random.nextInt(2);
        Map<ContentId, IndexEntry> entries = new HashMap<>();
        for (int i = random.nextInt(80); i > 0; i--) {
          IndexEntry random1 = entry(ids.get(random.nextInt(60)), new Shape(1, 0, 2, 1, 9), random);
          IndexEntry entry = atTime(random1, random.nextInt(3));
          entries.put(entry.contentId(), entry);
        }
        entries.values().forEach(e -> expected.merge(e.contentId(), e, IndexPropertyTest::winner));
        List<IndexEntry> shuffled = new ArrayList<>(entries.values());
        Collections.shuffle(shuffled, random);
        readers.add(IndexReader.open(IndexBuilder.of(shuffled).build(version, null)));
      }
      MergedIndex merged = new MergedIndex(readers);
      List<IndexEntry> found = new ArrayList<>();
      merged.forEach(found::add);
      assertEquals(List.copyOf(expected.values()), found, "seed " + seed);
      for (ContentId id : ids) {
        assertEquals(expected.get(id), merged.find(id).orElse(null), "seed " + seed);
      }
      List<IndexEntry> some = new ArrayList<>();
      merged.withPrefixes('k', 'm').forEach(some::add);
      assertEquals(
          found.stream().filter(e -> "klm".indexOf(e.contentId().prefix()) >= 0).toList(), some);
      assertArrayEquals(
          IndexBuilder.of(found).build(1, null), IndexEncoder.encode(1, merged, null));
    }
  }

  /// Lengths that both versions can hold, and few times, packs and states, so that ties are common.
  private static IndexEntry atTime(IndexEntry e, int time) {
    return new IndexEntry(e.contentId(), e.packBlobId(), 7, 128, 100, 0, e.deleted(), time, 3, 0);
  }

  /// The rule in its own words: time, then not deleted, then the larger pack.
  private static IndexEntry winner(IndexEntry a, IndexEntry b) {
    int order = Long.compare(a.timestampSeconds(), b.timestampSeconds());
    order = order != 0 ? order : Boolean.compare(b.deleted(), a.deleted());
    order = order != 0 ? order : a.packBlobId().value().compareTo(b.packBlobId().value());
    return order >= 0 ? a : b;
  }

  @Test
  void shardsShareTheEntriesByHashOfTheId() throws IOException {
    Random random = new Random(5);
    List<IndexEntry> entries = entries(new Shape(2, 1000, 3, 1, 100), random);
    List<IndexEntry> sorted = IndexBuilder.of(entries).sorted();
    IndexShards shards = IndexShards.of(sorted, 300);
    assertEquals(4, shards.count());
    IndexBuilder together = new IndexBuilder();
    for (int shard = 0; shard < 4; shard++) {
      for (IndexEntry entry : IndexReader.open(shards.encode(shard, 2, random))) {
        assertEquals(shard, IndexShards.shardOf(entry.contentId(), 4));
        together.add(entry);
      }
    }
    assertEquals(sorted, together.sorted());
    IndexShards one = IndexShards.of(sorted, 1000);
    assertEquals(1, one.count());
    assertArrayEquals(IndexEncoder.encode(2, sorted, null), one.encode(0, 2, null));
    assertEquals(0, IndexShards.of(List.of(), 1000).count());
    List<byte[]> blobs = IndexBuilder.of(entries).buildShards(2, 300, null);
    assertEquals(4, blobs.size());
    assertArrayEquals(shards.encode(3, 2, null), blobs.get(3));
  }

  @Test
  void shardsWithoutEntriesDoNotCount() throws IOException {
    Random random = new Random(6);
    List<IndexEntry> sorted =
        IndexBuilder.of(entries(new Shape(2, 30, 3, 1, 100), random)).sorted();
    IndexShards shards = IndexShards.of(sorted, 1);
    assertTrue(shards.count() > 1 && shards.count() < 30);
    int total = 0;
    for (int shard = 0; shard < shards.count(); shard++) {
      int size = IndexReader.open(shards.encode(shard, 2, null)).size();
      assertTrue(size > 0);
      total += size;
    }
    assertEquals(30, total);
  }
}
