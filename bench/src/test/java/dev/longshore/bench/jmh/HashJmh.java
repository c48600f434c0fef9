package dev.longshore.bench.jmh;

import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.crypto.hash.HashJob;
import java.util.ArrayList;
import java.util.List;
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

/// Hashing contents of a mebibyte, one at a time and several at once.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class HashJmh {
  private static final int BATCH = 8;

  /// Which hash.
  @Param({"BLAKE2B-256-128", "BLAKE2S-128", "BLAKE3-256-128", "HMAC-SHA256-128", "HMAC-SHA3-256"})
  public String algorithm = "";

  private ContentHasher hasher = ContentHashers.keyed(HashAlgorithm.BLAKE3_256, new byte[32]);
  private byte[] data = {};
  private byte[] hash = {};
  private List<HashJob> jobs = List.of();

  /// Makes the contents.
  @Setup
  public void prepare() {
    hasher = ContentHashers.keyed(HashAlgorithm.byName(algorithm).orElseThrow(), Data.random(32));
    data = Data.random(Data.MIB);
    hash = new byte[hasher.sizeBytes()];
    jobs = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      jobs.add(new HashJob(data.clone(), 0, Data.MIB, new byte[hasher.sizeBytes()], 0));
    }
  }

  /// Hashes one content.
  @Benchmark
  public byte[] single() {
    hasher.hash(data, 0, data.length, hash, 0);
    return hash;
  }

  /// Hashes eight contents in one call.
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public List<HashJob> batch() {
    hasher.hashAll(jobs);
    return jobs;
  }
}
