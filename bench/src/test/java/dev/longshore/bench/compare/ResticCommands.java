package dev.longshore.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// restic's commands. It lets neither hash nor cipher nor splitter be chosen, only compression.
///
/// @param compression restic's mode, or empty for the default
/// @param sparse restore zeros as holes
record ResticCommands(String executable, String compression, boolean sparse) implements Tool {
  @Override
  public String name() {
    return "restic";
  }

  @Override
  public List<String> version() {
    return List.of(executable, "version");
  }

  @Override
  public Map<String, String> environment(Path home) {
    return Map.of(
        "HOME", home.toString(),
        "RESTIC_PASSWORD", "comparison",
        "RESTIC_REPOSITORY", repository(home).toString(),
        "RESTIC_CACHE_DIR", home.resolve("cache").toString());
  }

  @Override
  public List<String> create(Path home) {
    return List.of(executable, "init");
  }

  @Override
  public List<List<String>> settings(Path home) {
    return List.of();
  }

  @Override
  public List<String> backUp(Path home, Path source) {
    List<String> command = new ArrayList<>(List.of(executable, "backup"));
    if (!compression.isEmpty()) {
      command.add("--compression=" + compression);
    }
    command.add(source.toString());
    return command;
  }

  @Override
  public List<String> restore(Path home, Path source, Path target) {
    List<String> command = new ArrayList<>(List.of(executable, "restore"));
    if (sparse) {
      command.add("--sparse");
    }
    command.add("latest:" + source);
    command.add("--target=" + target);
    return command;
  }

  @Override
  public List<String> verify(Path home) {
    return List.of(executable, "check", "--read-data");
  }

  @Override
  public List<String> status(Path home) {
    return List.of(executable, "cat", "config");
  }

  @Override
  public List<String> list(Path home) {
    return List.of(executable, "snapshots");
  }
}
