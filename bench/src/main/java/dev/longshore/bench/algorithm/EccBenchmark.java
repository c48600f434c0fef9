package dev.longshore.bench.algorithm;

import dev.longshore.crypto.ecc.ErrorCorrection;
import dev.longshore.crypto.ecc.ErrorCorrections;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Error correction: making the stored form, and mending one whose first shard is damaged, as
/// Kopia's benchmark does.
public final class EccBenchmark {
  private static final int[] OVERHEADS = {1, 2, 5, 10, 20};

  private EccBenchmark() {}

  /// The speed of a correction.
  ///
  /// @param overheadPercent what it was asked for
  /// @param storedBytes the length of the stored form of one block
  /// @param growth by what share of a block its stored form is longer
  public record Result(
      String name,
      int overheadPercent,
      Timing encoding,
      Timing decoding,
      int storedBytes,
      double growth) {
    /// The slower of the two.
    public double bytesPerSecond() {
      return Math.min(encoding.bytesPerSecond(), decoding.bytesPerSecond());
    }
  }

  /// Runs several overheads.
  ///
  /// @param progress told what is about to run
  public static List<Result> run(Effort effort, int blockBytes, Consumer<String> progress)
      throws InterruptedException {
    byte[] block = new byte[blockBytes];
    for (int i = 0; i < blockBytes; i++) {
      block[i] = (byte) (i % 255 + 1);
    }
    List<Result> results = new ArrayList<>();
    for (int overhead : OVERHEADS) {
      ErrorCorrection ecc =
          ErrorCorrections.create(ErrorCorrections.REED_SOLOMON_CRC32, overhead).orElseThrow();
      progress.accept(message("encoding", overhead, effort, blockBytes));
      Timing encoding =
          Stopwatch.time(effort, () -> () -> ecc.encode(block, 0, blockBytes), blockBytes);
      progress.accept(message("decoding", overhead, effort, blockBytes));
      byte[] damaged = ecc.encode(block, 0, blockBytes);
      // Behind the checksum of the first shard; four bytes of data are always there.
      damaged[4] ^= 1;
      Timing decoding =
          Stopwatch.time(effort, () -> () -> ecc.decode(damaged, 0, damaged.length), blockBytes);
      results.add(
          new Result(
              ErrorCorrections.REED_SOLOMON_CRC32,
              overhead,
              encoding,
              decoding,
              damaged.length,
              (double) damaged.length / blockBytes - 1));
    }
    return results;
  }

  private static String message(String what, int overhead, Effort effort, int blockBytes) {
    return "Benchmarking ECC %s '%s' with %d space overhead... (%d x %d bytes, parallelism %d)"
        .formatted(
            what,
            ErrorCorrections.REED_SOLOMON_CRC32,
            overhead,
            effort.repeats(),
            blockBytes,
            effort.threads());
  }
}
