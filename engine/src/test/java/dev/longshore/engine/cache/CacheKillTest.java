package dev.longshore.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes share a small cache, and one after the other is killed at any moment: the limit
/// holds at all times, nobody finds a wrong byte, and the next goes on. `-Dlongshore.kills=200` for
/// a long run, `-Dlongshore.seed=N` for another one.
final class CacheKillTest {
  private static final int KILLS = Integer.getInteger("longshore.kills", 6);
  private static final long SEED = Long.getLong("longshore.seed", 20261122);

  @TempDir private Path folder;

  private Process start(long seed) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CacheUser.class.getName(),
                    folder.resolve("cache").toString(),
                    Long.toString(seed)))
            .redirectError(folder.resolve("error" + seed).toFile())
            .start();
    int first = process.getInputStream().read();
    assertEquals('w', first, () -> "process " + seed + " did not begin");
    return process;
  }

  @Test
  void theLimitHoldsAndNoByteIsWrongWhoeverIsKilled() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    Process other = start(SEED);
    long most = 0;
    try {
      for (int i = 1; i <= KILLS; i++) {
        Process next = start(SEED + i);
        int looks = random.nextInt(40);
        for (int look = 0; look <= looks; look++) {
          most = Math.max(most, usage());
          Thread.sleep(random.nextInt(8));
        }
        assertTrue(other.isAlive(), "seed " + SEED + " round " + i + ": a process gave up");
        other.destroyForcibly();
        assertTrue(other.waitFor(1, TimeUnit.MINUTES));
        other = next;
      }
    } finally {
      other.destroyForcibly();
    }
    assertTrue(other.waitFor(1, TimeUnit.MINUTES));
    assertTrue(most <= CacheUser.LIMIT, "used " + most + " of " + CacheUser.LIMIT);
    assertTrue(most > CacheUser.LIMIT / 2, "used " + most + " only");
    DiskCache cache = CacheUser.cache(folder.resolve("cache"));
    int there = 0;
    for (int number = 0; number < 60; number++) {
      for (int at = 0; at < CacheBlobs.LENGTH; at += 10_000) {
        there += CacheBlobs.check(cache, number, at, 10_000) ? 1 : 0;
      }
    }
    assertTrue(there > 0, "nothing has stayed");
  }

  private long usage() throws IOException {
    Path cache = folder.resolve("cache");
    try (CacheFolder.Lock lock = new CacheFolder(cache).lock()) {
      return lock == null ? 0 : CacheBlobs.usage(cache);
    }
  }
}
