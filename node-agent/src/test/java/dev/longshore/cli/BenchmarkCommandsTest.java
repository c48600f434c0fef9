package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkCommandsTest extends CommandLineCase {
  private static final List<String> QUICK =
      List.of("--repeat=1", "--block-size=1KB", "--warm-up=0s");

  private String benchmark(String name, List<String> options, String... more) {
    List<String> command = new java.util.ArrayList<>(List.of("benchmark", name));
    command.addAll(options);
    command.addAll(List.of(more));
    return repo.run(command.toArray(String[]::new));
  }

  @Test
  void hashingLooksAsInKopia() {
    String out = benchmark("hash", QUICK, "--print-options");
    List<String> lines = out.lines().toList();
    assertEquals(11 + 4, lines.size(), out);
    assertEquals("     Hash                 Throughput", lines.get(0));
    assertEquals("-".repeat(65), lines.get(1));
    for (String line : lines.subList(2, 13)) {
      assertMatches(
          " [ 1][0-9]\\. [A-Z0-9-]{10,20} +[0-9.]+ [KMGT]?B / second,   --block-hash=[A-Z0-9-]+",
          line);
    }
    assertMatches("Fastest option for this machine is: --block-hash=[A-Z0-9-]+", lines.get(14));
  }

  @Test
  void encryptionAndCryptoNameTheFastest() {
    String encryption = benchmark("encryption", QUICK, "--parallel=3", "--deprecated");
    assertEquals(6, lines(encryption), encryption);
    assertContains("Fastest option for this machine is: --encryption=", encryption);
    String crypto = benchmark("crypto", QUICK, "--print-options");
    assertEquals(26, lines(crypto), crypto);
    assertMatches(".*is: --block-hash=[A-Z0-9-]+ --encryption=[A-Z0-9-]+\n", crypto);
  }

  @Test
  void eccNamesOptionsThatCreateTakes() {
    String out = benchmark("ecc", QUICK);
    assertEquals(10, lines(out), out);
    assertMatches(
        ".*REED-SOLOMON-CRC32 - 20% +[0-9.]+ [KMG]?B/s +[0-9.]+ [KMG]?B/s +[0-9]+% .*", out);
    assertMatches(".*is: --ecc=REED-SOLOMON-CRC32 --ecc-overhead-percent=[0-9]+\n", out);
  }

  @Test
  void splitterTellsLengthsTwice() {
    String out =
        benchmark(
            "splitter",
            List.of("--block-count=2", "--data-size=1MB", "--warm-up=0s", "--print-options"));
    assertEquals(23 + 1 + 23 + 1, lines(out), out);
    assertContains(
        "count:4 min:524288 10th:524288 25th:524288 50th:524288 75th:524288 90th:524288 max:524288",
        out);
    assertMatches(".*is: --object-splitter=DYNAMIC[A-Z0-9-]*\n", out);
  }

  @Test
  void compressionRunsBothWays() throws IOException {
    Path data = Files.write(folder.resolve("data"), new byte[60_000]);
    List<String> options = List.of("--data-file=" + data, "--repeat=2", "--warm-up=0s");
    String out = benchmark("compression", options, "--verify-stable", "--print-options");
    assertEquals(2 * (2 + 16), lines(out), out);
    assertContains(", --compression=zstd-fastest", out);
    String one =
        benchmark(
            "compression", options, "--operations=decompress", "--algorithms=lz4", "--by-size");
    assertEquals(3, lines(one), one);
    assertContains(" (deprecated)", one);
  }

  @Test
  void jsonHoldsWallAndCpu() throws IOException {
    for (String name : List.of("hashing", "encryption", "crypto", "ecc")) {
      assertContains("ytesPerCpuSecond\":", checkedJson(benchmark(name, QUICK, "--json")));
    }
    String splitter =
        benchmark(
            "splitter", List.of("--block-count=1", "--data-size=1MB", "--warm-up=0s"), "--json");
    assertContains("\"p90\":", checkedJson(splitter));
    Path data = Files.write(folder.resolve("data"), new byte[60_000]);
    String compression =
        benchmark(
            "compression",
            List.of("--data-file=" + data, "--repeat=1", "--warm-up=0s", "--algorithms=s2-default"),
            "--json");
    assertContains("\"operation\":\"decompress\"", checkedJson(compression));
  }

  @Test
  void plotsSvgAndPng() throws IOException {
    Path svg = folder.resolve("chart.svg");
    Path png = folder.resolve("chart.png");
    benchmark("hashing", QUICK, "--plot=" + svg);
    benchmark("ecc", QUICK, "--plot=" + png);
    assertContains("BLAKE3-256", Files.readString(svg));
    assertTrue(Files.size(png) > 1000);
    assertContains(
        "svg or .png", failsInOneLine(ExitCode.USAGE, "benchmark", "ecc", "--plot=x.gif"));
  }

  @Test
  void refusesNothingToDo() {
    for (String option : List.of("--repeat=0", "--parallel=0", "--warm-up=soon")) {
      fails(ExitCode.USAGE, "benchmark", "hashing", option);
    }
    fails(ExitCode.USAGE, "benchmark", "splitter", "--block-count=0");
    fails(ExitCode.USAGE, "benchmark", "hashing", "--block-size=5GB");
    fails(ExitCode.USAGE, "benchmark", "compression");
    fails(ExitCode.USAGE, "benchmark", "compression", "--data-file=" + folder.resolve("none"));
  }
}
