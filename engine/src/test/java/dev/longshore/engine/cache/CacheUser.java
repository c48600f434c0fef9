package dev.longshore.engine.cache;

import dev.longshore.engine.testkit.Seeds;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// A process that reads and keeps without end, until it is killed or finds a wrong byte.
final class CacheUser {
  static final long LIMIT = 20 * CacheSpace.charge(CacheBlobs.LENGTH);

  private CacheUser() {}

  static DiskCache cache(Path folder) {
    return new DiskCache(
        folder,
        new CacheLimits(LIMIT * 9 / 10, LIMIT, Duration.ZERO, Duration.ZERO),
        Clock.systemUTC(),
        warning -> {
          throw new AssertionError(warning);
        });
  }

  /// Arguments: the cache's folder, a seed. Prints a line when it begins.
  public static void main(String[] args) {
    DiskCache cache = cache(Path.of(args[0]));
    RandomGenerator random = Seeds.generator(Long.parseLong(args[1]));
    System.out.println("working");
    for (; ; ) {
      int number = random.nextInt(60);
      int offset = random.nextInt(CacheBlobs.LENGTH);
      int length = 1 + random.nextInt(CacheBlobs.LENGTH - offset);
      if (!CacheBlobs.check(cache, number, offset, length)) {
        CacheBlobs.keep(cache, number, offset, length);
      }
    }
  }
}
