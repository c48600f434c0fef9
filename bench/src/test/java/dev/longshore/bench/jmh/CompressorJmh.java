package dev.longshore.bench.jmh;

import dev.longshore.format.compress.Compression;
import dev.longshore.format.compress.Compressor;
import dev.longshore.format.error.CorruptException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Compressing and decompressing contents of a mebibyte, and giving up on one that does not
/// compress.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CompressorJmh {
  /// Which compression.
  @Param({
    "zstd-fastest",
    "zstd",
    "s2-default",
    "s2-better",
    "lz4",
    "gzip-best-speed",
    "deflate-default"
  })
  public String algorithm = "";

  private Compressor compressor = Compression.ZSTD.compressor();
  private byte[] plain = {};
  private byte[] random = {};
  private byte[] compressed = {};
  private byte[] out = {};

  /// Makes the contents.
  @Setup
  public void prepare() {
    compressor = Compression.byName(algorithm).orElseThrow().compressor();
    plain = Data.compressible(Data.MIB);
    random = Data.random(Data.MIB);
    out = new byte[Data.MIB];
    int length = compressor.compress(plain, 0, plain.length, out, 0, out.length);
    compressed = Arrays.copyOf(out, length);
  }

  /// Compresses a content.
  @Benchmark
  public int compress() {
    return compressor.compress(plain, 0, plain.length, out, 0, out.length);
  }

  /// Tries to make a content smaller that cannot be.
  @Benchmark
  public int giveUp() {
    return compressor.compress(random, 0, random.length, out, 0, out.length);
  }

  /// Decompresses a content.
  @Benchmark
  public byte[] decompress() throws CorruptException {
    return compressor.decompress(compressed, 0, compressed.length, plain.length);
  }
}
