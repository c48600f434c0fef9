package dev.longshore.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs commands under GNU time. (A JVM cannot ask for a child's own peak memory: the kernel counts
/// what the process held before `exec`, which would be the JVM's.)
final class Stopwatch {
  private static final Path GNU_TIME = Path.of("/usr/bin/time");

  private static final Path PAGE_CACHE = Path.of("/proc/sys/vm/drop_caches");

  private final Path scratch;
  private final boolean cold;

  /// A stopwatch that leaves the page cache as it is.
  ///
  /// @param scratch a folder for the output of commands
  Stopwatch(Path scratch) throws IOException {
    this(scratch, false);
  }

  /// @param cold the page cache is emptied before each clock starts; for administrators only
  Stopwatch(Path scratch, boolean cold) throws IOException {
    this.cold = cold;
    if (!Files.isExecutable(GNU_TIME)) {
      throw new IOException(GNU_TIME + " is needed (Debian: apt-get install time)");
    }
    this.scratch = Files.createDirectories(scratch);
  }

  /// Runs a command to its end; its output goes to files. What other runs left to be written out is
  /// written before the clock starts.
  Sample run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    new ProcessBuilder("sync").inheritIO().start().waitFor();
    if (cold) {
      Files.writeString(PAGE_CACHE, "3");
    }
    Path numbers = scratch.resolve("numbers");
    Path output = scratch.resolve("output");
    List<String> timed = new ArrayList<>();
    timed.addAll(List.of(GNU_TIME.toString(), "-q", "-f", "%U %S %M", "-o", numbers.toString()));
    timed.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(timed);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    long start = System.nanoTime();
    int exit = builder.start().waitFor();
    double wall = (System.nanoTime() - start) / 1e9;
    String[] fields = lastLine(numbers).split(" ", -1);
    return new Sample(
        wall,
        Double.parseDouble(fields[0]) + Double.parseDouble(fields[1]),
        Long.parseLong(fields[2]) * 1024,
        load(),
        exit == 0 ? "" : "exit code " + exit + ": " + tail(output));
  }

  /// What the last command printed.
  String output() throws IOException {
    return Files.readString(scratch.resolve("output"));
  }

  private static String lastLine(Path file) throws IOException {
    return Files.readString(file).strip().lines().reduce("", (a, b) -> b);
  }

  private static String tail(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    return text.substring(Math.max(0, text.length() - 600));
  }

  private static double load() throws IOException {
    return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }
}
