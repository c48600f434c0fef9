package dev.longshore.bench.algorithm;

import dev.longshore.format.compress.Compression;
import dev.longshore.format.compress.Compressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Compression and decompression of given data.
public final class CompressionBenchmark {
  private final Effort effort;
  private final byte[] data;
  private final Consumer<String> progress;

  /// The speed of a compression, one way.
  ///
  /// @param compressedBytes the length of the compressed data
  public record Result(Compression compression, Timing timing, int compressedBytes) {}

  /// @param data what to compress, borrowed; not empty
  /// @param progress told what is about to run
  public CompressionBenchmark(Effort effort, byte[] data, Consumer<String> progress) {
    if (data.length == 0) {
      throw new IllegalArgumentException("nothing to compress");
    }
    this.effort = effort;
    this.data = data;
    this.progress = progress;
  }

  /// Times compressing.
  ///
  /// @param checkStable fail if the same data compresses to other bytes another time
  public List<Result> compress(List<Compression> compressions, boolean checkStable)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    for (Compression compression : compressions) {
      progress.accept("Benchmarking compressor '%s'...".formatted(compression.label()));
      byte[] once = compressed(compression.compressor());
      Supplier<Stopwatch.Operation> operations = () -> compressing(compression, once, checkStable);
      results.add(
          new Result(compression, Stopwatch.time(effort, operations, data.length), once.length));
    }
    return results;
  }

  /// Times decompressing.
  public List<Result> decompress(List<Compression> compressions) throws InterruptedException {
    List<Result> results = new ArrayList<>();
    for (Compression compression : compressions) {
      progress.accept("Benchmarking decompressor '%s'...".formatted(compression.label()));
      Compressor compressor = compression.compressor();
      byte[] once = compressed(compressor);
      Timing timing =
          Stopwatch.time(
              effort,
              () -> () -> compressor.decompress(once, 0, once.length, data.length),
              data.length);
      results.add(new Result(compression, timing, once.length));
    }
    return results;
  }

  private Stopwatch.Operation compressing(
      Compression compression, byte[] once, boolean checkStable) {
    Compressor compressor = compression.compressor();
    byte[] out = buffer();
    return () -> {
      int length = compressor.compress(data, 0, data.length, out, 0, out.length);
      if (checkStable && !Arrays.equals(out, 0, Math.max(0, length), once, 0, once.length)) {
        throw new IllegalStateException(compression.label() + " is not stable");
      }
    };
  }

  private byte[] compressed(Compressor compressor) {
    byte[] out = buffer();
    return Arrays.copyOf(out, compressor.compress(data, 0, data.length, out, 0, out.length));
  }

  /// More than any of them makes of incompressible data.
  private byte[] buffer() {
    return new byte[Math.addExact(data.length, data.length / 8 + (64 << 10))];
  }
}
