package dev.longshore.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The machine in a few words.
final class Machine {
  private static final List<String> TELLING_FLAGS =
      List.of("avx2", "avx512bw", "avx512_vbmi", "sha_ni", "aes", "vaes", "asimd", "sha2", "sha3");

  private Machine() {}

  static String describe() throws IOException {
    String model = "unknown CPU";
    List<String> flags = List.of();
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      String[] pair = line.split(":", 2);
      switch (pair[0].strip()) {
        case "model name" -> model = pair[1].strip();
        case "flags", "Features" -> flags = known(pair[1]);
        default -> {}
      }
    }
    return "%d × %s (%s), Linux %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model,
            String.join(" ", flags),
            System.getProperty("os.version"));
  }

  private static List<String> known(String flags) {
    Set<String> present = Set.copyOf(Arrays.asList(flags.strip().split(" ")));
    return TELLING_FLAGS.stream().filter(present::contains).toList();
  }
}
