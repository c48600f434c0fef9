package dev.longshore.bench.compare;

import dev.longshore.bench.plot.BarChart;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `benchmark hashing`, `encryption` and `splitter` of Longshore and Kopia by turns, on one core,
/// per CPU second.
public final class MicroCompare {
  private static final double MIB = 1 << 20;

  /// @param kopiaOptions an effort that takes Kopia a second or so for each algorithm
  /// @param kopiaBytes what that is in bytes for each algorithm
  private record Kind(
      String name, List<String> ownOptions, List<String> kopiaOptions, double kopiaBytes) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("hashing", List.of("--repeat=1000"), List.of("--repeat=1000"), 1000 * MIB),
          new Kind("encryption", List.of("--repeat=2000"), List.of("--repeat=2000"), 2000 * MIB),
          new Kind("splitter", List.of("--block-count=6"), List.of("--block-count=6"), 192 * MIB));

  private record Row(String kind, String algorithm, List<Double> longshore, List<Double> kopia) {}

  private final Map<String, Row> rows = new TreeMap<>();
  private final String repo;
  private final String kopia;

  private MicroCompare(String repo, String kopia) {
    this.repo = repo;
    this.kopia = kopia;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = 5;
    Path out = Path.of("bench/results");
    String name = "one-core";
    Set<String> kinds = Set.of("hashing", "encryption", "splitter");
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      switch (pair[0]) {
        case "--rounds" -> rounds = Integer.parseInt(pair[1]);
        case "--out" -> out = Path.of(pair[1]);
        case "--name" -> name = pair[1];
        case "--kinds" -> kinds = Set.of(pair[1].split(","));
        default -> {
          System.err.println(
              "usage: bench micro [--rounds=5] [--kinds=hashing,encryption,splitter]");
          System.err.println(
              "                   [--out=DIR] [--name=NAME]   (KOPIA_EXE is needed)");
          System.exit(2);
        }
      }
    }
    String repo = System.getenv("REPO_EXE");
    String kopia = System.getenv("KOPIA_EXE");
    if (repo == null || kopia == null) {
      System.err.println("bench: REPO_EXE and KOPIA_EXE must name the two programs");
      System.exit(2);
      return;
    }
    MicroCompare compare = new MicroCompare(repo, kopia);
    Path base = out.resolve(LocalDate.now(ZoneOffset.UTC) + "-" + name);
    String command =
        "bin/bench micro --rounds=%d --kinds=%s".formatted(rounds, String.join(",", kinds));
    for (int round = 0; round < rounds; round++) {
      for (Kind kind : KINDS) {
        if (kinds.contains(kind.name())) {
          System.err.printf("round %d: %s%n", round + 1, kind.name());
          compare.run(kind, round % 2 == 0);
        }
      }
      compare.write(base, command);
    }
  }

  private void run(Kind kind, boolean longshoreFirst) throws IOException, InterruptedException {
    if (longshoreFirst) {
      add(kind, Speeds.ofLongshore(own(kind)), true);
    }
    List<String> other = new ArrayList<>(List.of(kopia, "benchmark", kind.name()));
    other.addAll(kind.kopiaOptions());
    add(kind, Speeds.ofKopia(other, kind.kopiaBytes()), false);
    if (!longshoreFirst) {
      add(kind, Speeds.ofLongshore(own(kind)), true);
    }
  }

  private List<String> own(Kind kind) {
    List<String> command =
        new ArrayList<>(List.of(repo, "benchmark", kind.name(), "--json", "--warm-up=1s"));
    command.addAll(kind.ownOptions());
    return command;
  }

  private void add(Kind kind, Map<String, Double> speeds, boolean longshore) {
    speeds.forEach((algorithm, speed) -> {
      // Nothing is looked at: as fast as the clock is fine.
      if (!algorithm.startsWith("FIXED")) {
        Row row =
            rows.computeIfAbsent(
                kind.name() + " " + algorithm,
                _ -> new Row(kind.name(), algorithm, new ArrayList<>(), new ArrayList<>()));
        (longshore ? row.longshore() : row.kopia()).add(speed);
      }
    });
  }

  private void write(Path base, String command) throws IOException {
    Files.createDirectories(base.toAbsolutePath().getParent());
    boolean shaExtensions = Machine.describe().contains("sha_ni");
    StringBuilder text = new StringBuilder("# " + base.getFileName() + "\n\n`" + command + "`\n\n");
    text.append("On ").append(Machine.describe()).append(". One core, medians, MB per CPU second.");
    text.append(
        " Longshore after a second of warming up, BLAKE2 in batches as it runs in a backup.");
    text.append(
        "\n\n| | Algorithm | Longshore | Kopia | ratio | bar |\n|---|---|---:|---:|---:|---:|\n");
    List<BarChart.Row> bars = new ArrayList<>();
    GoJsonWriter json = GoJsonWriter.indented().beginObject().field("command", command);
    json.field("machine", Machine.describe()).name("rows").beginArray();
    for (Row row : rows.values()) {
      double own = median(row.longshore());
      double other = median(row.kopia());
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.0f | %.0f | %.2f | %.1f |%n",
              row.kind(),
              row.algorithm(),
              own / 1e6,
              other / 1e6,
              own / other,
              bar(row.algorithm(), shaExtensions)));
      bars.add(new BarChart.Row(row.algorithm(), List.of(own / 1e6, other / 1e6)));
      json.beginObject().field("kind", row.kind()).field("algorithm", row.algorithm());
      numbers(json, "longshore", row.longshore());
      numbers(json, "kopia", row.kopia());
      json.endObject();
    }
    Files.writeString(base.resolveSibling(base.getFileName() + ".md"), text);
    Files.write(
        base.resolveSibling(base.getFileName() + ".json"),
        json.endArray().endObject().newline().toByteArray());
    Files.writeString(
        base.resolveSibling(base.getFileName() + ".svg"),
        new BarChart("MB per CPU second (more is better)", "", List.of("Longshore", "Kopia"), bars)
            .svg());
  }

  private static void numbers(GoJsonWriter json, String name, List<Double> values) {
    json.name(name).beginArray();
    values.forEach(value -> json.value(Math.round(value)));
    json.endArray();
  }

  /// How many times Kopia's speed it must be at least.
  private static double bar(String algorithm, boolean shaExtensions) {
    if (algorithm.startsWith("BLAKE3")) {
      return 1.3;
    }
    if (algorithm.startsWith("BLAKE2")) {
      return 1.8;
    }
    if (algorithm.startsWith("HMAC-SHA3")) {
      return 2;
    }
    if (algorithm.startsWith("HMAC")) {
      return shaExtensions ? 1 : 3;
    }
    if (algorithm.startsWith("AES")) {
      return 1.2;
    }
    if (algorithm.startsWith("CHACHA")) {
      return 1;
    }
    return algorithm.endsWith("RABINKARP") ? 5 : 4;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int size = sorted.size();
    return size == 0 ? Double.NaN : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }
}
