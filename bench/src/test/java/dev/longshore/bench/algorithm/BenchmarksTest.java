package dev.longshore.bench.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.bench.algorithm.SplitterBenchmark.Lengths;
import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.format.compress.Compression;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BenchmarksTest {
  private static final Effort QUICK = new Effort(3, 2, Duration.ZERO);
  private static final int BLOCK = 1000;

  @Test
  void countsEveryRepeatOfEveryThread() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    Timing timing = Stopwatch.time(QUICK, () -> runs::incrementAndGet, 10);
    assertEquals(6, runs.get());
    assertEquals(60, timing.bytes());
    assertTrue(timing.wallSeconds() > 0);
  }

  @Test
  void warmsUpBeforeItCounts() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    Effort effort = new Effort(1, 1, Duration.ofMillis(1));
    Timing timing = Stopwatch.time(effort, () -> runs::incrementAndGet, 10);
    assertTrue(runs.get() > 1);
    assertEquals(10, timing.bytes());
  }

  @Test
  void reportsAnOperationThatFails() {
    assertThrows(
        IllegalStateException.class,
        () ->
            Stopwatch.time(
                QUICK,
                () ->
                    () -> {
                      throw new java.io.IOException("of the test");
                    },
                1));
  }

  @Test
  void coversEveryAlgorithm() throws InterruptedException {
    SecureRandom random = new SecureRandom();
    List<String> said = new ArrayList<>();
    assertEquals(
        List.of(HashAlgorithm.values()),
        HashingBenchmark.run(QUICK, BLOCK, said::add).stream().map(r -> r.hash()).toList());
    assertEquals(
        List.of(CipherAlgorithm.values()),
        EncryptionBenchmark.run(QUICK, BLOCK, random, said::add).stream()
            .map(r -> r.cipher())
            .toList());
    assertEquals(
        HashAlgorithm.values().length * CipherAlgorithm.values().length,
        CryptoBenchmark.run(QUICK, BLOCK, random, said::add).size());
    assertEquals(11 + 2 + 22, said.size());
  }

  @Test
  void splitsEveryBlockWholly() throws InterruptedException {
    var plan = new SplitterBenchmark.Plan(42, 3_000_000, 2, 2, Duration.ZERO);
    List<SplitterBenchmark.Result> results = SplitterBenchmark.run(plan);
    assertEquals(SplitterAlgorithm.all(), results.stream().map(r -> r.splitter()).toList());
    for (SplitterBenchmark.Result result : results) {
      assertEquals(12_000_000, result.timing().bytes());
      if (result.splitter().name().equals("FIXED-1M")) {
        assertEquals(
            new Lengths(6, 902_848, 902_848, 902_848, 1 << 20, 1 << 20, 1 << 20, 1 << 20),
            result.lengths());
      }
    }
  }

  @Test
  void percentilesAreKopias() {
    int[] lengths = new int[100];
    Arrays.setAll(lengths, i -> 99 - i);
    assertEquals(new Lengths(100, 0, 10, 25, 50, 75, 90, 99), Lengths.of(lengths));
    assertEquals(new Lengths(1, 7, 7, 7, 7, 7, 7, 7), Lengths.of(new int[] {7}));
  }

  @Test
  void mendsADamagedShard() throws InterruptedException {
    List<EccBenchmark.Result> results = EccBenchmark.run(QUICK, BLOCK, _ -> {});
    assertEquals(List.of(1, 2, 5, 10, 20), results.stream().map(r -> r.overheadPercent()).toList());
    assertTrue(results.stream().allMatch(r -> r.growth() > 0 && r.bytesPerSecond() > 0));
  }

  @Test
  void compressesBothWays() throws InterruptedException {
    byte[] data = new byte[100_000];
    CompressionBenchmark benchmark = new CompressionBenchmark(QUICK, data, _ -> {});
    List<Compression> all = List.of(Compression.values());
    List<CompressionBenchmark.Result> there = benchmark.compress(all, true);
    List<CompressionBenchmark.Result> back = benchmark.decompress(all);
    for (int i = 0; i < all.size(); i++) {
      assertEquals(all.get(i), there.get(i).compression());
      assertTrue(there.get(i).compressedBytes() < data.length / 10);
      assertEquals(there.get(i).compressedBytes(), back.get(i).compressedBytes());
      assertTrue(back.get(i).timing().allocatedBytes() >= data.length);
    }
  }

  @Test
  void compressesWhatCannotBeCompressed() throws InterruptedException {
    byte[] data = new byte[300_000];
    new SecureRandom().nextBytes(data);
    CompressionBenchmark benchmark = new CompressionBenchmark(QUICK, data, _ -> {});
    List<Compression> all = List.of(Compression.values());
    assertEquals(all.size(), benchmark.compress(all, true).size());
    assertEquals(all.size(), benchmark.decompress(all).size());
  }

  @Test
  void refusesAnEmptyEffort() {
    assertThrows(IllegalArgumentException.class, () -> new Effort(0, 1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> new Effort(1, 0, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SplitterBenchmark.Plan(1, 1, 0, 1, Duration.ZERO));
  }
}
