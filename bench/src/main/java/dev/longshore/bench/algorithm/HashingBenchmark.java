package dev.longshore.bench.algorithm;

import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.crypto.hash.HashJob;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Keyed hashing of blocks of zeros, in batches where the hash takes several blocks at once.
public final class HashingBenchmark {
  private static final int SECRET_BYTES = 32;

  private HashingBenchmark() {}

  /// The speed of a hash.
  public record Result(HashAlgorithm hash, Timing timing) {}

  /// Runs all hashes.
  ///
  /// @param progress told what is about to run
  public static List<Result> run(Effort effort, int blockBytes, Consumer<String> progress)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      progress.accept(
          "Benchmarking hash '%s' (%d x %d bytes, parallelism %d)"
              .formatted(algorithm.wireName(), effort.repeats(), blockBytes, effort.threads()));
      ContentHasher hasher = hasher(algorithm);
      int batch = Math.min(hasher.batchSize(), effort.repeats());
      int batches = (effort.repeats() + batch - 1) / batch;
      Timing timing =
          Stopwatch.time(
              effort.repeating(batches),
              () -> operation(hasher, batch, blockBytes),
              (long) blockBytes * batch);
      results.add(new Result(algorithm, timing));
    }
    return results;
  }

  static ContentHasher hasher(HashAlgorithm algorithm) {
    return ContentHashers.keyed(algorithm, new byte[SECRET_BYTES]);
  }

  private static Stopwatch.Operation operation(ContentHasher hasher, int batch, int blockBytes) {
    // Blocks of their own, as they would be.
    List<HashJob> jobs = new ArrayList<>();
    byte[] hashes = new byte[batch * hasher.sizeBytes()];
    for (int i = 0; i < batch; i++) {
      jobs.add(new HashJob(new byte[blockBytes], 0, blockBytes, hashes, i * hasher.sizeBytes()));
    }
    return () -> hasher.hashAll(jobs);
  }
}
