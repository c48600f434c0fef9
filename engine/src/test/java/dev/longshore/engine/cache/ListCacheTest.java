package dev.longshore.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListCacheTest {
  private static final Duration AGE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final FakeClock clock = FakeClock.of2026();
  private final List<BlobMetadata> store = new ArrayList<>(List.of(blob(1), blob(2)));
  private int asked;

  /// Each has randomness of its own.
  private int caches;

  private static BlobMetadata blob(int number) {
    return new BlobMetadata(
        new BlobId("xn0_" + number),
        number * 100L,
        Instant.parse("2026-01-01T00:00:00.000000123Z"));
  }

  /// Another process of this client, or of one with another secret.
  private ListCache cache(Duration age, String secret) {
    ContentHasher hasher =
        ContentHashers.keyed(
            HashAlgorithm.BLAKE2B_256_128, secret.getBytes(StandardCharsets.UTF_8));
    return new ListCache(
        folder.resolve("lists"),
        age,
        new ListCache.Surroundings(hasher, clock, new SeededRandom(++caches)));
  }

  private ListCache cache() {
    return cache(AGE, "secret");
  }

  private Listing list(ListCache cache) throws IOException {
    return cache.list(
        "x",
        () -> {
          asked++;
          return List.copyOf(store);
        });
  }

  @Test
  void aListServesUntilItIsTooOld() throws IOException {
    Listing listed = list(cache());
    clock.advance(Duration.ofSeconds(29));
    assertEquals(Optional.of(listed), cache().find("x"));
    assertEquals(Optional.empty(), cache().find("xn"), "of this prefix only");
    clock.advance(Duration.ofSeconds(1));
    assertEquals(Optional.empty(), cache().find("x"));
    assertEquals(Optional.empty(), cache(Duration.ZERO, "secret").find("x"));
  }

  @Test
  void noListServesLongerThanAnIndex() throws IOException {
    ListCache cache = cache(Duration.ofHours(5), "secret");
    list(cache);
    clock.advance(Duration.ofMinutes(15));
    assertEquals(Optional.empty(), cache.find("x"));
  }

  @Test
  void aChangeEndsWhatWasListedBefore() throws IOException {
    list(cache());
    cache().changed();
    assertEquals(Optional.empty(), cache().find("x"));
    Listing again = list(cache());
    assertEquals(Optional.of(again), cache().find("x"));
  }

  @Test
  void aChangeWhileTheStoreIsAskedEndsTheListToo() throws IOException {
    ListCache other = cache();
    cache()
        .list(
            "x",
            () -> {
              List<BlobMetadata> early = List.copyOf(store);
              store.add(blob(3));
              other.changed();
              return early;
            });
    assertEquals(Optional.empty(), cache().find("x"));
  }

  private Path onlyFile(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("lists"))) {
      return files
          .filter(name -> name.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  /// Nothing new can be made there, and what is there can be changed.
  private ListCache onFullDisk() {
    ListCache usual = cache();
    return new ListCache(
        folder.resolve("lists"),
        AGE,
        usual.surroundings(),
        (file, bytes) -> {
          throw new IOException("no space left on device");
        });
  }

  @Test
  void aChangeOnAFullDiskEndsWhatWasListedBefore() throws IOException {
    list(cache());
    onFullDisk().changed();
    assertEquals(Optional.empty(), cache().find("x"));
    list(onFullDisk());
    assertEquals(Optional.empty(), cache().find("x"), "nothing could be kept");
    Listing again = list(cache());
    assertEquals(Optional.of(again), cache().find("x"));
  }

  @Test
  void aChangeThatCannotBeNotedTakesTheTokenAway() throws IOException {
    ListCache cache = onFullDisk();
    list(cache());
    Path token = onlyFile("changed");
    Files.delete(token);
    Files.createDirectory(token); // neither to be replaced nor to be written
    cache.changed();
    assertFalse(Files.exists(token));
    assertEquals(Optional.empty(), cache().find("x"));
  }

  @Test
  void withoutATokenNoListIsBelieved() throws IOException {
    list(cache());
    Path token = onlyFile("changed");
    byte[] sound = Files.readAllBytes(token);
    Files.delete(token);
    assertEquals(Optional.empty(), cache().find("x"));
    Files.write(token, new byte[9]);
    assertEquals(Optional.empty(), cache().find("x"));
    Files.write(token, sound);
    assertNotEquals(Optional.empty(), cache().find("x"));
  }

  @Test
  void aFileThatIsTooLongIsNotRead() throws IOException {
    list(cache());
    Path file = onlyFile("list-");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1L << 40); // no array is as long
    }
    assertEquals(Optional.empty(), cache().find("x"));
  }

  @Test
  void whatADeadProcessLeftIsClearedAwayLater() throws IOException {
    list(cache());
    Path old = Files.write(folder.resolve("lists/new-old"), new byte[5]);
    Path young = Files.write(folder.resolve("lists/new-young"), new byte[5]);
    Files.setLastModifiedTime(old, FileTime.from(clock.instant().minus(Duration.ofMinutes(11))));
    Files.setLastModifiedTime(young, FileTime.from(clock.instant().minus(Duration.ofMinutes(9))));
    list(cache());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
  }

  @Test
  void aListFromTheFutureIsNotBelieved() throws IOException {
    clock.advance(Duration.ofHours(1));
    list(cache());
    clock.advance(Duration.ofHours(-1));
    assertEquals(Optional.empty(), cache().find("x"));
  }

  @Test
  void anotherRepositorysListIsNotBelieved() throws IOException {
    list(cache());
    assertEquals(Optional.empty(), cache(AGE, "other").find("x"));
  }

  @Test
  void noDamageOfAnyByteIsBelieved() throws IOException {
    list(cache());
    Path file = onlyFile("list-");
    byte[] sound = Files.readAllBytes(file);
    for (int at = 0; at < sound.length; at++) {
      byte[] damaged = sound.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(file, damaged);
      assertEquals(Optional.empty(), cache().find("x"), "byte " + at);
      Files.write(file, Arrays.copyOf(sound, at));
      assertEquals(Optional.empty(), cache().find("x"), "cut at " + at);
    }
    Files.write(file, sound);
    assertNotEquals(Optional.empty(), cache().find("x"));
  }
}
