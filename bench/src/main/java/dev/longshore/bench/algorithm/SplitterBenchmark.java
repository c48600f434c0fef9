package dev.longshore.bench.algorithm;

import dev.longshore.chunker.Splitter;
import dev.longshore.chunker.SplitterAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Splitting of random blocks, each a stream of its own. Memory holds one block at a time.
public final class SplitterBenchmark {
  private SplitterBenchmark() {}

  /// What to split.
  ///
  /// @param seed of the random data
  /// @param blockBytes the length of a block, at least 1
  /// @param blocks how many, at least 1
  /// @param threads how many split the same at once
  /// @param warmUp for how long each splitter runs before it is timed
  public record Plan(long seed, int blockBytes, int blocks, int threads, Duration warmUp) {
    /// @throws IllegalArgumentException if a number is below 1
    public Plan {
      if (blockBytes < 1 || blocks < 1 || threads < 1) {
        throw new IllegalArgumentException(
            "%d blocks of %d bytes on %d threads".formatted(blocks, blockBytes, threads));
      }
    }
  }

  /// The lengths of chunks: how many, and the least, the 10th percentile and so on.
  public record Lengths(int count, int min, int p10, int p25, int p50, int p75, int p90, int max) {
    static Lengths of(int[] lengths) {
      int[] sorted = lengths.clone();
      Arrays.sort(sorted);
      return new Lengths(
          sorted.length,
          sorted[0],
          percentile(sorted, 10),
          percentile(sorted, 25),
          percentile(sorted, 50),
          percentile(sorted, 75),
          percentile(sorted, 90),
          sorted[sorted.length - 1]);
    }

    private static int percentile(int[] sorted, int percent) {
      return sorted[(int) ((long) sorted.length * percent / 100)];
    }
  }

  /// The speed of a splitter and what its chunks are like.
  public record Result(SplitterAlgorithm splitter, Timing timing, Lengths lengths) {}

  /// Runs all splitters.
  public static List<Result> run(Plan plan) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(plan.seed());
    Map<SplitterAlgorithm, Timing> timings = new LinkedHashMap<>();
    Map<SplitterAlgorithm, IntStream.Builder> lengths = new LinkedHashMap<>();
    byte[] block = new byte[plan.blockBytes()];
    for (int n = 0; n < plan.blocks(); n++) {
      random.nextBytes(block);
      Effort effort = new Effort(1, plan.threads(), n == 0 ? plan.warmUp() : Duration.ZERO);
      for (SplitterAlgorithm algorithm : SplitterAlgorithm.all()) {
        Timing timing =
            Stopwatch.time(effort, () -> operation(algorithm.newSplitter(), block), block.length);
        timings.merge(algorithm, timing, Timing::plus);
        split(
            algorithm.newSplitter(),
            block,
            lengths.computeIfAbsent(algorithm, _ -> IntStream.builder()));
      }
    }
    List<Result> results = new ArrayList<>();
    timings.forEach((algorithm, timing) -> {
      IntStream all = lengths.getOrDefault(algorithm, IntStream.builder()).build();
      results.add(new Result(algorithm, timing, Lengths.of(all.toArray())));
    });
    return results;
  }

  private static Stopwatch.Operation operation(Splitter splitter, byte[] block) {
    return () -> {
      splitter.reset();
      int at = 0;
      int cut = 0;
      while (cut >= 0 && at < block.length) {
        cut = splitter.nextCut(block, at, block.length - at);
        at += cut;
      }
    };
  }

  private static void split(Splitter splitter, byte[] block, IntStream.Builder lengths) {
    int at = 0;
    while (at < block.length) {
      int cut = splitter.nextCut(block, at, block.length - at);
      int length = cut < 0 ? block.length - at : cut;
      lengths.add(length);
      at += length;
    }
  }
}
