package dev.longshore.bench.jmh;

import dev.longshore.chunker.Splitter;
import dev.longshore.chunker.SplitterAlgorithm;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Looking for cuts in a stream.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SplitterJmh {
  private static final int MEBIBYTES = 16;

  /// Which splitter.
  @Param({
    "DYNAMIC-4M-BUZHASH",
    "DYNAMIC-4M-RABINKARP",
    "DYNAMIC-128K-BUZHASH",
    "DYNAMIC-128K-RABINKARP"
  })
  public String algorithm = "";

  private Splitter splitter = SplitterAlgorithm.DEFAULT.newSplitter();
  private byte[] data = {};

  /// Makes the stream.
  @Setup
  public void prepare() {
    splitter = SplitterAlgorithm.byName(algorithm).orElseThrow().newSplitter();
    data = Data.random(MEBIBYTES * Data.MIB);
  }

  /// Splits the stream from its beginning to its end.
  @Benchmark
  @OperationsPerInvocation(MEBIBYTES)
  public int split() {
    splitter.reset();
    int chunks = 1;
    int start = 0;
    for (int cut; (cut = splitter.nextCut(data, start, data.length - start)) >= 0; start += cut) {
      chunks++;
      if (start + cut == data.length) {
        break;
      }
    }
    return chunks;
  }
}
