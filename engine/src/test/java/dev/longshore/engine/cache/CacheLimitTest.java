package dev.longshore.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is thrown out, what is not, and that limits hold.
final class CacheLimitTest {
  private static final int WHOLE = CacheBlobs.LENGTH;

  /// What a whole blob takes.
  private static final long EACH = CacheSpace.charge(WHOLE + 100);

  private static final Duration AGE = Duration.ofMinutes(10);

  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock(Instant.now());
  private final List<String> warnings = new ArrayList<>();

  private DiskCache cache(long soft, long hard) {
    return new DiskCache(
        folder.resolve("cache"),
        new CacheLimits(soft * EACH, hard * EACH, AGE, AGE),
        clock,
        warnings::add);
  }

  private static boolean has(DiskCache cache, int number) {
    return CacheBlobs.check(cache, number, 0, WHOLE);
  }

  private static int held(DiskCache cache, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += cache.has(CacheBlobs.id(i), 0, WHOLE) ? 1 : 0;
    }
    return count;
  }

  private static void keep(DiskCache cache, int from, int to) {
    for (int i = from; i < to; i++) {
      CacheBlobs.keep(cache, i, 0, WHOLE);
    }
  }

  @Test
  void theLeastRecentlyUsedAreThrownOut() {
    DiskCache cache = cache(20, 0);
    for (int i = 0; i < 20; i++) {
      keep(cache, i, i + 1);
      clock.advance(Duration.ofMinutes(2));
    }
    assertEquals(20, held(cache, 0, 20));
    for (int i = 0; i < 5; i++) {
      assertTrue(has(cache, i));
    }
    clock.advance(Duration.ofMinutes(1));
    keep(cache, 20, 21);
    assertEquals(5, held(cache, 0, 5), "used a moment ago");
    assertFalse(cache.has(CacheBlobs.id(5), 0, 1), "the oldest");
    assertTrue(has(cache, 20));
    assertTrue(held(cache, 5, 20) >= 12, "no more than needed, and a little");
  }

  @Test
  void withoutAHardLimitWhatIsYoungStaysAndWhatIsNewIsNotKept() {
    DiskCache cache = cache(10, 0);
    keep(cache, 0, 15);
    assertEquals(10, held(cache, 0, 10));
    assertEquals(0, held(cache, 10, 15));
    clock.advance(AGE.plusSeconds(1));
    keep(cache, 15, 16);
    assertTrue(has(cache, 15), "now there is something old");
    assertTrue(held(cache, 0, 16) <= 10);
  }

  @Test
  void whatIsYoungMayTakeUpToTheHardLimitAndNoMore() {
    DiskCache cache = cache(10, 15);
    keep(cache, 0, 15);
    assertEquals(15, held(cache, 0, 15));
    keep(cache, 15, 40);
    assertTrue(held(cache, 0, 40) <= 15);
    assertTrue(has(cache, 39), "the newest is kept at the cost of others");
    clock.advance(AGE.plusSeconds(1));
    keep(cache, 40, 41);
    assertTrue(held(cache, 0, 41) <= 10, "what is old goes down to the soft limit");
  }

  @Test
  void aHardLimitBelowTheSoftOneCounts() {
    DiskCache cache = cache(100, 5);
    keep(cache, 0, 20);
    assertTrue(held(cache, 0, 20) <= 5);
    assertTrue(has(cache, 19));
  }

  @Test
  void whatDoesNotFitAtAllThrowsNothingOut() {
    DiskCache cache =
        new DiskCache(
            folder.resolve("cache"),
            new CacheLimits(2 * EACH, 2 * EACH, AGE, AGE),
            clock,
            warnings::add);
    CacheBlobs.keep(cache, 1, 0, 1000);
    for (int i = 0; i < 3; i++) {
      cache.keep(CacheBlobs.id(2), 0, ByteBuffer.allocate((int) (2 * EACH)), 0);
    }
    assertTrue(CacheBlobs.check(cache, 1, 0, 1000));
    assertFalse(cache.has(CacheBlobs.id(2), 0, 1));
  }

  @Test
  void aCountThatWasTakenBackIsMadeAnewByTheNextProcess() throws IOException {
    DiskCache cache = cache(10, 0);
    keep(cache, 0, 5);
    Path state = folder.resolve("cache/state");
    byte[] early = Files.readAllBytes(state);
    keep(cache, 5, 10);
    Files.write(state, early);
    DiskCache next = cache(10, 0);
    keep(next, 10, 15);
    assertEquals(10, held(next, 0, 15));
    Files.write(state, new byte[5]);
    keep(next, 15, 17);
    assertEquals(10, held(next, 0, 17));
  }

  @Test
  void whatADeadProcessLeftIsCountedAndClearedAwayLater() throws IOException {
    DiskCache cache = cache(10, 0);
    keep(cache, 0, 1);
    Path left = folder.resolve("cache/new-left");
    Files.write(left, new byte[(int) (5 * EACH)]);
    DiskCache next = cache(10, 0);
    keep(next, 1, 12);
    assertTrue(held(next, 0, 12) <= 5);
    clock.advance(AGE.plusSeconds(1));
    keep(cache(10, 0), 12, 13);
    assertFalse(Files.exists(left));
  }

  @Test
  void foldersGoWithTheLastOfTheirFiles() throws IOException {
    DiskCache cache = cache(10, 10);
    keep(cache, 0, 40);
    try (Stream<Path> folders = Files.list(folder.resolve("cache"))) {
      assertEquals(held(cache, 0, 40), folders.filter(Files::isDirectory).count());
    }
  }

  @Test
  void limitsHoldWhileManyThreadsAndCachesWrite() throws Exception {
    Path at = folder.resolve("cache");
    CacheLimits limits = new CacheLimits(12 * EACH, 14 * EACH, Duration.ZERO, Duration.ZERO);
    CacheFolder counted = new CacheFolder(at);
    try (Scope scope = new Scope("test", 5)) {
      for (int thread = 0; thread < 4; thread++) {
        int seed = thread;
        scope.fork(() -> {
          RandomGenerator random = Seeds.generator(seed);
          DiskCache cache = new DiskCache(at, limits, Clock.systemUTC(), warnings::add);
          for (int i = 0; i < 150; i++) {
            int number = random.nextInt(40);
            int offset = random.nextInt(1000);
            if (!CacheBlobs.check(cache, number, offset, WHOLE - 2000)) {
              CacheBlobs.keep(cache, number, offset, WHOLE - 2000);
            }
          }
        });
      }
      long most = 0;
      for (int i = 0; i < 60; i++) {
        try (CacheFolder.Lock lock = counted.lock()) {
          if (lock != null) {
            most = Math.max(most, CacheBlobs.usage(at));
          }
        }
        Thread.sleep(5);
      }
      scope.join();
      assertTrue(most <= 14 * EACH, "used " + most + " of " + 14 * EACH);
      assertTrue(most > 6 * EACH, "used " + most);
    }
    assertEquals(List.of(), warnings);
  }
}
