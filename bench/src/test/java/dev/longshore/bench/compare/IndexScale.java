package dev.longshore.bench.compare;

import dev.longshore.bench.plot.BarChart;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// How time and memory grow with the index: synthetic repositories of some sizes are opened, asked,
/// and backed up to, in the memory of `--memory=256M`.
public final class IndexScale {
  private static final int PER_BLOB = 1_000_000;
  private static final int FILES = 1500;
  private static final int FILE_BYTES = 100_000;

  /// What `bin/repo --memory=256M` gives the JVM.
  private static final List<String> JVM =
      List.of(
          "-Xms16m",
          "-Xmx224m",
          "-XX:MaxNewSize=28m",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "--add-modules=jdk.incubator.vector");

  /// What one size took; seconds are of CPU.
  private record Row(
      int millions,
      double blobMegabytes,
      double cacheMegabytes,
      Probe cold,
      Probe warm,
      Sample connect,
      Sample backup) {}

  /// What [IndexProbe] printed.
  private record Probe(double wall, double cpu, double found, double live, double rssMegabytes) {}

  private final Path folder;
  private final Path results;
  private final int lookUps;
  private final int rounds;
  private final String repo = System.getenv().getOrDefault("REPO_EXE", "bin/repo");
  private final Stopwatch stopwatch;

  private IndexScale(Path folder, Path results, int lookUps, int rounds) throws IOException {
    this.folder = folder;
    this.results = results;
    this.lookUps = lookUps;
    this.rounds = rounds;
    this.stopwatch = new Stopwatch(folder.resolve("output"));
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String sizes = "2,10,50";
    String name = "index-scale";
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "longshore-index");
    Path out = Path.of("bench/results");
    int lookUps = 1_000_000;
    int rounds = 3;
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      switch (pair[0]) {
        case "--sizes" -> sizes = pair[1];
        case "--work-folder" -> folder = Path.of(pair[1]);
        case "--look-ups" -> lookUps = Integer.parseInt(pair[1]);
        case "--rounds" -> rounds = Integer.parseInt(pair[1]);
        case "--out" -> out = Path.of(pair[1]);
        case "--name" -> name = pair[1];
        default -> {
          System.err.println(
              "usage: bench index [--sizes=2,10,50] [--look-ups=1000000] [--rounds=3]"
                  + " [--work-folder=DIR] [--out=DIR] [--name=NAME]");
          System.exit(2);
        }
      }
    }
    Path base = out.resolve(LocalDate.now(ZoneOffset.UTC) + "-" + name);
    IndexScale scale = new IndexScale(folder.toAbsolutePath(), base, lookUps, rounds);
    List<Row> rows = new ArrayList<>();
    scale.makeSource();
    for (String size : sizes.split(",", -1)) {
      rows.add(scale.measure(Integer.parseInt(size)));
    }
    scale.write(rows, "bin/bench index " + String.join(" ", arguments));
  }

  private void makeSource() throws IOException {
    Random random = new Random(5);
    Path source = Files.createDirectories(folder.resolve("source"));
    byte[] bytes = new byte[FILE_BYTES];
    for (int i = 0; i < FILES; i++) {
      random.nextBytes(bytes);
      Files.write(source.resolve("file" + i), bytes);
    }
  }

  private Row measure(int millions) throws IOException, InterruptedException {
    System.err.println(millions + " million entries");
    Path repository = folder.resolve("repository" + millions);
    Path cache = folder.resolve("cache" + millions);
    long entries = millions * 1_000_000L;
    if (Files.notExists(repository)) {
      run(List.of("-Xmx1g"), SyntheticIndex.class, repository, entries, PER_BLOB);
    }
    double blobs = megabytes(repository);
    Compare.delete(cache);
    Probe cold = probe(repository, entries, cache, 0);
    List<Probe> warm = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      warm.add(probe(repository, entries, cache, lookUps));
    }
    double cached = megabytes(cache);
    Compare.delete(cache);
    Sample connect =
        repo(
            millions,
            "repository",
            "connect",
            "filesystem",
            "--path=" + repository,
            "--cache-directory=" + cache);
    Sample backup = repo(millions, "snapshot", "create", folder.resolve("source").toString());
    return new Row(millions, blobs, cached, cold, median(warm), connect, backup);
  }

  private static Probe median(List<Probe> probes) {
    return new Probe(
        median(probes, Probe::wall),
        median(probes, Probe::cpu),
        median(probes, Probe::found),
        median(probes, Probe::live),
        median(probes, Probe::rssMegabytes));
  }

  private static double median(List<Probe> probes, ToDoubleFunction<Probe> value) {
    double[] sorted = probes.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static double megabytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    }
    return bytes / 1e6;
  }

  private Probe probe(Path repository, long entries, Path cache, int count)
      throws IOException, InterruptedException {
    String line = run(JVM, IndexProbe.class, repository, entries, cache, count);
    double[] numbers =
        Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    return new Probe(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4] / 1e6);
  }

  /// Runs a class in a JVM of its own; returns the last line it printed.
  private String run(List<String> flags, Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    Sample sample = stopwatch.run(command, Map.of());
    if (sample.failed()) {
      throw new IOException(sample.failure());
    }
    return stopwatch.output().strip().lines().reduce("", (a, b) -> b);
  }

  private Sample repo(int millions, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(repo, "--memory=256M"));
    command.add("--config-file=" + folder.resolve("config" + millions));
    Collections.addAll(command, arguments);
    Sample sample = stopwatch.run(command, Map.of("KOPIA_PASSWORD", SyntheticIndex.PASSWORD));
    if (sample.failed()) {
      throw new IOException(sample.failure());
    }
    return sample;
  }

  private void write(List<Row> rows, String command) throws IOException {
    Files.createDirectories(results.toAbsolutePath().getParent());
    StringBuilder text = new StringBuilder("# " + results.getFileName() + "\n\n");
    text.append("`").append(command).append("`\n\nOn ").append(Machine.describe());
    text.append(
        """
        .
        Index blobs of a million entries each, ids of 16 bytes, 50 contents in a pack. The JVM has what `--memory=256M` gives it; seconds are
        of CPU, memory is the peak of the process. Cold: without a segment; warm: with one (medians of %d). Look-ups a CPU second of one thread, random ids:
        "found" of ids that are there, with the pack; "live" of ids half of which are there, as a backup asks. Backup: 1500 files of 100 kB, by `repo`, after `repository connect` without a segment.

        | million entries | repository before, MB | segment, MB | open cold, s | MB | open warm, s | found/s | live/s | MB | connect, s | MB | backup, s | MB |
        |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        """
            .formatted(rounds));
    GoJsonWriter json = GoJsonWriter.indented();
    json.beginObject().field("command", command).field("machine", Machine.describe());
    json.name("sizes").beginArray();
    for (Row row : rows) {
      double[] numbers = numbers(row);
      text.append(
          String.format(
              Locale.ROOT,
              "| %.0f | %.0f | %.0f | %.1f | %.0f | %.2f | %,.0f | %,.0f | %.0f | %.1f | %.0f |"
                  + " %.1f | %.0f |%n",
              Arrays.stream(numbers).boxed().toArray()));
      json.beginObject();
      for (int i = 0; i < numbers.length; i++) {
        json.name(NAMES.get(i)).value(numbers[i]);
      }
      json.endObject();
    }
    Files.writeString(sibling(".md"), text);
    Files.write(sibling(".json"), json.endArray().endObject().newline().toByteArray());
    plot(rows, "cpu", "CPU seconds by million entries", "s", 3, 5, 9, 11);
    plot(rows, "rss", "Peak memory by million entries", "MB", 4, 8, 10, 12);
  }

  private static final List<String> NAMES =
      List.of(
          "millionEntries",
          "repositoryMegabytes",
          "segmentMegabytes",
          "openColdCpuSeconds",
          "openColdPeakMegabytes",
          "openWarmCpuSeconds",
          "foundPerCpuSecond",
          "livePerCpuSecond",
          "lookUpPeakMegabytes",
          "connectCpuSeconds",
          "connectPeakMegabytes",
          "backupCpuSeconds",
          "backupPeakMegabytes");

  private static double[] numbers(Row row) {
    return new double[] {
      row.millions,
      row.blobMegabytes,
      row.cacheMegabytes,
      row.cold.cpu,
      row.cold.rssMegabytes,
      row.warm.cpu,
      row.warm.found,
      row.warm.live,
      row.warm.rssMegabytes,
      row.connect.cpuSeconds(),
      row.connect.peakRssBytes() / 1e6,
      row.backup.cpuSeconds(),
      row.backup.peakRssBytes() / 1e6
    };
  }

  private Path sibling(String ending) {
    return results.resolveSibling(results.getFileName() + ending);
  }

  private void plot(List<Row> rows, String name, String title, String unit, int... columns)
      throws IOException {
    List<String> series = List.of("open cold", "open warm", "connect", "backup");
    List<BarChart.Row> bars = new ArrayList<>();
    for (Row row : rows) {
      double[] numbers = numbers(row);
      bars.add(
          new BarChart.Row(
              row.millions + " million",
              Arrays.stream(columns).mapToObj(column -> numbers[column]).toList()));
    }
    Files.writeString(sibling("-" + name + ".svg"), new BarChart(title, unit, series, bars).svg());
  }
}
