package dev.longshore.bench.jmh;

import dev.longshore.crypto.ecc.ErrorCorrection;
import dev.longshore.crypto.ecc.ErrorCorrections;
import dev.longshore.crypto.ecc.UnrepairableException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Error correction of blocks of a mebibyte.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EccJmh {
  /// How much of it.
  @Param({"1", "5", "20"})
  public int overheadPercent = 1;

  private ErrorCorrection ecc =
      ErrorCorrections.create(ErrorCorrections.REED_SOLOMON_CRC32, 1).orElseThrow();
  private byte[] plain = {};
  private byte[] sound = {};
  private byte[] damaged = {};

  /// Makes the blocks.
  @Setup
  public void prepare() {
    ecc =
        ErrorCorrections.create(ErrorCorrections.REED_SOLOMON_CRC32, overheadPercent).orElseThrow();
    plain = Data.random(Data.MIB);
    sound = ecc.encode(plain, 0, plain.length);
    damaged = sound.clone();
    damaged[4] ^= 1;
  }

  /// Makes the stored form.
  @Benchmark
  public byte[] encode() {
    return ecc.encode(plain, 0, plain.length);
  }

  /// Checks and unwraps a sound block.
  @Benchmark
  public byte[] decode() throws UnrepairableException {
    return ecc.decode(sound, 0, sound.length).data();
  }

  /// Mends and unwraps a damaged block.
  @Benchmark
  public byte[] mend() throws UnrepairableException {
    return ecc.decode(damaged, 0, damaged.length).data();
  }
}
