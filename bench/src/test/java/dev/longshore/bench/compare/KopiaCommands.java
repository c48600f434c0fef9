package dev.longshore.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Kopia's commands, which Longshore has as well.
///
/// @param compression the compression policy to set, or empty for the default
/// @param sparse restore zeros as holes
record KopiaCommands(String name, String executable, String compression, boolean sparse)
    implements Tool {
  @Override
  public List<String> version() {
    return List.of(executable, "--version");
  }

  @Override
  public Map<String, String> environment(Path home) {
    return Map.of(
        "HOME", home.toString(),
        "KOPIA_PASSWORD", "comparison",
        "KOPIA_CHECK_FOR_UPDATES", "false",
        "KOPIA_CONFIG_PATH", home.resolve("repository.config").toString(),
        "KOPIA_CACHE_DIRECTORY", home.resolve("cache").toString(),
        "KOPIA_LOG_DIR", home.resolve("logs").toString());
  }

  @Override
  public List<String> create(Path home) {
    // Spelled out, so that both take the same although a default may change.
    return List.of(
        executable,
        "repository",
        "create",
        "filesystem",
        "--path=" + repository(home),
        "--block-hash=BLAKE2B-256-128",
        "--encryption=AES256-GCM-HMAC-SHA256",
        "--object-splitter=DYNAMIC-4M-BUZHASH");
  }

  @Override
  public List<List<String>> settings(Path home) {
    return compression.isEmpty()
        ? List.of()
        : List.of(List.of(executable, "policy", "set", "--global", "--compression=" + compression));
  }

  @Override
  public List<String> backUp(Path home, Path source) {
    return List.of(executable, "snapshot", "create", source.toString());
  }

  @Override
  public List<String> restore(Path home, Path source, Path target) {
    List<String> command = new ArrayList<>(List.of(executable, "snapshot", "restore"));
    if (sparse) {
      command.add("--write-sparse-files");
    }
    command.add(source.toString());
    command.add(target.toString());
    return command;
  }

  @Override
  public List<String> verify(Path home) {
    return List.of(executable, "snapshot", "verify", "--verify-files-percent=100");
  }

  @Override
  public List<String> status(Path home) {
    return List.of(executable, "repository", "status");
  }

  @Override
  public List<String> list(Path home) {
    return List.of(executable, "snapshot", "list", "--all");
  }
}
