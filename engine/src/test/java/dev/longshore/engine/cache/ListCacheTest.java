package dev.longshore.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        new ListCache.Surroundings(hasher, clock, new SeededRandom(asked + 1)));
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
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("lists"))) {
      file =
          files
              .filter(name -> name.getFileName().toString().startsWith("list-"))
              .findFirst()
              .orElseThrow();
    }
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
