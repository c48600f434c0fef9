package dev.longshore.bench.compare;

import com.sun.management.OperatingSystemMXBean;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.SplittableRandom;

/// Opens a synthetic repository and looks ids up; prints what that took in one line: seconds and
/// CPU seconds of opening; look-ups a CPU second of ids that are there, with the pack, and of ids
/// that are there or not, without; peak memory in bytes.
final class IndexProbe {
  private static final int WARM_UP = 400_000;

  private IndexProbe() {}

  private interface LookUp {
    boolean isThere(ContentId id) throws IOException;
  }

  private static double cpuSeconds() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  private static long peakBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return -1;
  }

  private static double perCpuSecond(int count, long below, LookUp lookUp, long mustBeThere)
      throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    double start = cpuSeconds();
    for (int i = 0; i < count; i++) {
      long number = random.nextLong(below);
      if (lookUp.isThere(SyntheticIndex.id(number)) != number < mustBeThere) {
        throw new IOException("the index is wrong about content " + number);
      }
    }
    return count / (cpuSeconds() - start);
  }

  /// Arguments: folder of the repository, its entries, cache directory or `-`, look-ups.
  public static void main(String[] args) throws IOException {
    long entries = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[3]);
    double wall = System.nanoTime() / 1e9;
    double cpu = cpuSeconds();
    OpenOptions options =
        OpenOptions.of(Clock.systemUTC(), new SecureRandom())
            .withCaching(
                args[2].equals("-") ? CachingOptions.OFF : CachingOptions.in(Path.of(args[2])));
    try (Repository repository =
        Repositories.open(
            SyntheticIndex.store(Path.of(args[0])),
            SyntheticIndex.PASSWORD,
            SyntheticIndex.CLIENT,
            options)) {
      wall = System.nanoTime() / 1e9 - wall;
      cpu = cpuSeconds() - cpu;
      ContentStore contents = repository.contents();
      LookUp place = id -> contents.find(id).isPresent();
      LookUp presence = contents::isLive;
      perCpuSecond(Math.min(count, WARM_UP), entries, place, entries);
      perCpuSecond(Math.min(count, WARM_UP) + 1, 2 * entries, presence, entries);
      double places = count == 0 ? 0 : perCpuSecond(count, entries, place, entries);
      double presences = count == 0 ? 0 : perCpuSecond(count + 1, 2 * entries, presence, entries);
      System.out.printf(
          Locale.ROOT, "%.2f %.2f %.0f %.0f %d%n", wall, cpu, places, presences, peakBytes());
    }
  }
}
