package dev.longshore.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a cache says it has is what was kept; damage of any kind is a miss.
final class DiskCachePropertyTest {
  private static final int BLOBS = 5;
  private static final CacheLimits LARGE =
      new CacheLimits(1L << 30, 0, Duration.ofMinutes(10), Duration.ofMinutes(10));

  @TempDir private Path folder;

  private final FakeClock clock = FakeClock.of2026();
  private final List<String> warnings = new ArrayList<>();
  private int caches;

  private DiskCache cache(Path at) {
    return new DiskCache(at, LARGE, clock, warnings::add);
  }

  @Test
  void allThatWasKeptIsThereAndNothingElse() {
    Seeds.check(
        20,
        random -> {
          DiskCache cache = cache(folder.resolve("all" + caches++));
          BitSet[] kept = new BitSet[BLOBS];
          Arrays.setAll(kept, i -> new BitSet());
          for (int step = 0; step < 40; step++) {
            int blob = random.nextInt(BLOBS);
            int offset = random.nextInt(CacheBlobs.LENGTH);
            int length = 1 + random.nextInt(CacheBlobs.LENGTH - offset);
            if (random.nextBoolean()) {
              CacheBlobs.keep(cache, blob, offset, length);
              kept[blob].set(offset, offset + length);
            }
            int from = random.nextInt(CacheBlobs.LENGTH);
            int count = 1 + random.nextInt(CacheBlobs.LENGTH - from);
            boolean expected = kept[blob].nextClearBit(from) >= from + count;
            assertEquals(expected, CacheBlobs.check(cache, blob, from, count));
            assertEquals(expected, cache.has(CacheBlobs.id(blob), from, count));
            assertEquals(
                kept[blob].isEmpty() ? OptionalLong.empty() : OptionalLong.of(CacheBlobs.LENGTH),
                cache.length(CacheBlobs.id(blob)));
          }
        });
    assertEquals(List.of(), warnings);
  }

  @Test
  void damageOfAnyKindIsAMissAndThenCanBeKeptAgain() throws IOException {
    Path at = folder.resolve("damage");
    DiskCache cache = cache(at);
    RandomGenerator random = Seeds.generator(11);
    for (int round = 0; round < 250; round++) {
      int blob = random.nextInt(BLOBS);
      int offset = random.nextInt(4) * 1000;
      int length = CacheBlobs.LENGTH - offset;
      cache.drop(CacheBlobs.id(blob));
      CacheBlobs.keep(cache, blob, offset, length);
      int from = offset + random.nextInt(length);
      int count = 1 + random.nextInt(CacheBlobs.LENGTH - from);
      damage(file(at, blob), random);
      CacheBlobs.check(cache, blob, from, count);
      assertFalse(CacheBlobs.check(cache, blob, offset, length), "round " + round);
      assertFalse(cache.has(CacheBlobs.id(blob), offset, 1), "it is dropped");
      CacheBlobs.keep(cache, blob, offset, length);
      assertTrue(CacheBlobs.check(cache, blob, offset, length));
    }
    assertEquals(List.of(), warnings);
  }

  private static Path file(Path cache, int blob) throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve(CacheBlobs.id(blob).value()))) {
      return files.findFirst().orElseThrow();
    }
  }

  /// Changes one byte, or the length, or the name, or puts another file in its place.
  private void damage(Path file, RandomGenerator random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        // Half of them in the header.
        int at = random.nextInt(random.nextBoolean() ? 40 : bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      case 2 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case 3 -> Files.write(file, new byte[1 + random.nextInt(9)], StandardOpenOption.APPEND);
      case 4 -> {
        Path blob = folder.resolve("damage").resolve(CacheBlobs.id(BLOBS + 1).value());
        DiskCache other = cache(folder.resolve("damage"));
        PartName name = PartName.parse(file.getFileName().toString()).orElseThrow();
        CacheBlobs.keep(other, BLOBS + 1, (int) name.offset(), name.length());
        Files.delete(file);
        Files.move(blob.resolve(file.getFileName()), file);
      }
      default -> Files.delete(file);
    }
  }

  @Test
  void namesThatLeaveTheFolderAreNeitherKeptNorRead() throws IOException {
    Path at = folder.resolve("names/cache");
    DiskCache cache = cache(at);
    for (String name : List.of("state", "p.", "p" + "x".repeat(300), "new-1.2", "P1", "p%2f")) {
      BlobId id = new BlobId(name);
      cache.keep(id, 0, ByteBuffer.wrap(new byte[10]), 10);
      assertFalse(cache.read(id, 0, ByteBuffer.allocate(10)), name);
    }
    assertFalse(Files.exists(at));
    assertEquals(List.of(), warnings);
  }

  @Test
  void whatIsClearedMeanwhileIsAMiss() throws Exception {
    Path base = folder.resolve("cleared");
    CacheDirectory directory = new CacheDirectory(base);
    DiskCache cache = cache(directory.contentsFolder());
    RandomGenerator random = Seeds.generator(3);
    int hits = 0;
    for (int round = 0; round < 100; round++) {
      int blob = random.nextInt(BLOBS);
      CacheBlobs.keep(cache, blob, 0, CacheBlobs.LENGTH);
      if (random.nextInt(3) == 0) {
        directory.clear();
      }
      hits += CacheBlobs.check(cache, random.nextInt(BLOBS), 0, CacheBlobs.LENGTH) ? 1 : 0;
    }
    assertTrue(hits > 10, "hits: " + hits);
    assertEquals(List.of(), warnings);
  }

  @Test
  void aFolderThatCannotBeWrittenWarnsOnceAndIsLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("a file"), "not a folder");
    DiskCache cache = cache(file.resolve("cache"));
    for (int i = 0; i < 3; i++) {
      CacheBlobs.keep(cache, 1, 0, 10);
      assertFalse(CacheBlobs.check(cache, 1, 0, 10));
    }
    assertEquals(1, warnings.size(), warnings.toString());
  }
}
