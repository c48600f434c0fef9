package dev.longshore.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs `benchmark` of either program and tells bytes per CPU second of each algorithm.
final class Speeds {
  private static final Pattern JSON =
      Pattern.compile(
          "\"(?:hash|encryption|splitter)\":\"([^\"]+)\".*\"bytesPerCpuSecond\":(\\d+)");
  private static final Pattern KOPIA_BEGINS = Pattern.compile("Benchmarking \\w+ '([^']+)'.*");
  private static final Pattern KOPIA_SPLIT = Pattern.compile("([A-Z0-9-]+) +\\S+ \\wB/s count.*");
  private static final double TICKS_PER_SECOND = 100;

  private Speeds() {}

  /// Longshore says so itself.
  static Map<String, Double> ofLongshore(List<String> command)
      throws IOException, InterruptedException {
    Map<String, Double> speeds = new LinkedHashMap<>();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher found = JSON.matcher(line);
        if (found.find()) {
          speeds.put(found.group(1), Double.parseDouble(found.group(2)));
        }
      }
    }
    check(process, command);
    return speeds;
  }

  /// Kopia tells only the time on the clock, but prints a line when it goes over to the next
  /// algorithm: the CPU time of its process is read between the lines.
  ///
  /// @param bytes what each algorithm works through
  static Map<String, Double> ofKopia(List<String> command, double bytes)
      throws IOException, InterruptedException {
    Map<String, Double> speeds = new LinkedHashMap<>();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CpuMeter meter = new CpuMeter(process.pid());
    Thread reader = Thread.ofPlatform().daemon().start(meter);
    String current = "";
    double start = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        double now = meter.seconds();
        Matcher begins = KOPIA_BEGINS.matcher(line);
        Matcher split = KOPIA_SPLIT.matcher(line);
        if (begins.matches()) {
          put(speeds, current, bytes, now - start);
          current = begins.group(1);
          start = now;
        } else if (line.startsWith("splitting ")) {
          start = now;
        } else if (split.matches()) {
          put(speeds, split.group(1), bytes, now - start);
          start = now;
        } else {
          put(speeds, current, bytes, now - start);
          current = "";
        }
      }
    }
    check(process, command);
    reader.join();
    return speeds;
  }

  private static void put(Map<String, Double> speeds, String name, double bytes, double seconds) {
    if (!name.isEmpty()) {
      speeds.put(name, bytes / Math.max(seconds, 1 / TICKS_PER_SECOND));
    }
  }

  private static void check(Process process, List<String> command)
      throws IOException, InterruptedException {
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(command.subList(1, command.size()) + ": exit code " + exit);
    }
  }

  /// Keeps the CPU time of a process at hand, also of one that has just ended.
  private static final class CpuMeter implements Runnable {
    private final Path stat;
    private volatile double last;

    CpuMeter(long pid) {
      stat = Path.of("/proc/" + pid + "/stat");
    }

    @Override
    public void run() {
      try {
        while (read()) {
          Thread.sleep(3);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    double seconds() {
      read();
      return last;
    }

    private boolean read() {
      try {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        last = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        return !fields[0].equals("Z");
      } catch (IOException e) {
        return false;
      }
    }
  }
}
