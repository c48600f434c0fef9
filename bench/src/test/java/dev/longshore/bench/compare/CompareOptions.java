package dev.longshore.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What to compare, and how.
///
/// @param tools the programs, Longshore first
/// @param works of `image`, `files`, `small`
/// @param scale share of the full sizes
/// @param rounds how often each step runs for each tool
/// @param cold nothing is in the page cache when a clock starts; for administrators only
/// @param workFolder holds sources, repositories and restores while it runs; emptied afterwards
/// @param resultFiles the results' path without an extension
/// @param commandLine the arguments, for the record
record CompareOptions(
    List<Tool> tools,
    Set<String> works,
    double scale,
    int rounds,
    boolean cold,
    Path workFolder,
    Path resultFiles,
    String commandLine) {
  static final String USAGE =
      """
      usage: bench compare [--works=image,files,small] [--tools=longshore,kopia,restic]
                           [--scale=1] [--rounds=5] [--compression=default|none|zstd] [--sparse]
                           [--cold] [--work-folder=DIR] [--out=DIR] [--name=NAME]
      REPO_EXE, KOPIA_EXE and RESTIC_EXE name the executables; those not set are left out.
      """;

  private static final Set<String> WORKS = Set.of("image", "files", "small");

  static CompareOptions parse(String[] arguments, Map<String, String> environment) {
    Map<String, String> given = new TreeMap<>();
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (!pair[0].startsWith("--")) {
        throw new IllegalArgumentException("not an option: " + argument);
      }
      given.put(pair[0].substring(2), pair.length == 2 ? pair[1] : "true");
    }
    Map<String, String> left = new TreeMap<>(given);
    Set<String> works = Set.of(taken(left, "works", "image,files,small").split(","));
    Set<String> names = Set.of(taken(left, "tools", "longshore,kopia,restic").split(","));
    double scale = Double.parseDouble(taken(left, "scale", "1"));
    int rounds = Integer.parseInt(taken(left, "rounds", "5"));
    boolean sparse = Boolean.parseBoolean(taken(left, "sparse", "false"));
    boolean cold = Boolean.parseBoolean(taken(left, "cold", "false"));
    String compression = taken(left, "compression", "default");
    Path work = Path.of(taken(left, "work-folder", System.getProperty("java.io.tmpdir")));
    Path out = Path.of(taken(left, "out", "bench/results"));
    String name = taken(left, "name", "end-to-end");
    if (!left.isEmpty() || !WORKS.containsAll(works) || scale <= 0 || rounds < 1) {
      throw new IllegalArgumentException("unknown or impossible options: " + left);
    }
    return new CompareOptions(
        tools(names, compression, sparse, environment),
        works,
        scale,
        rounds,
        cold,
        work.toAbsolutePath(),
        out.resolve(java.time.LocalDate.now(java.time.ZoneOffset.UTC) + "-" + name),
        record(given));
  }

  private static List<Tool> tools(
      Set<String> names, String compression, boolean sparse, Map<String, String> environment) {
    String policy =
        switch (compression) {
          case "default", "none" -> "";
          case "zstd" -> "zstd-fastest";
          default -> throw new IllegalArgumentException("no such compression: " + compression);
        };
    String mode =
        switch (compression) {
          case "none" -> "off";
          case "zstd" -> "fastest";
          default -> "";
        };
    List<Tool> tools = new ArrayList<>();
    String repo = environment.get("REPO_EXE");
    if (repo != null && names.contains("longshore")) {
      tools.add(new KopiaCommands("Longshore", repo, policy, sparse));
    }
    String kopia = environment.get("KOPIA_EXE");
    if (kopia != null && names.contains("kopia")) {
      tools.add(new KopiaCommands("Kopia", kopia, policy, sparse));
    }
    String restic = environment.get("RESTIC_EXE");
    if (restic != null && names.contains("restic")) {
      tools.add(new ResticCommands(restic, mode, sparse));
    }
    return tools;
  }

  private static String taken(Map<String, String> left, String name, String otherwise) {
    String value = left.remove(name);
    return value == null ? otherwise : value;
  }

  /// The arguments that matter to others: no path of this machine.
  private static String record(Map<String, String> given) {
    StringBuilder text = new StringBuilder("bin/bench compare");
    given.forEach((name, value) -> {
      if (!name.equals("work-folder") && !name.equals("out")) {
        text.append(" --").append(name).append('=').append(value);
      }
    });
    return text.toString();
  }
}
