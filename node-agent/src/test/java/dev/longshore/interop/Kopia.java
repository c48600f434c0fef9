package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The real Kopia as a program, with a home of its own. Named by `KOPIA_EXE`, or `KOPIA_LEGACY_EXE`
/// for the last release that knows LZ4.
final class Kopia {
  private static final long TIMEOUT_MINUTES = 5;

  private final String executable;
  private final Path home;
  private final String password;
  private int runs;

  Kopia(String executable, Path home, String password) {
    this.executable = executable;
    this.home = home;
    this.password = password;
  }

  /// The executable's name, if the environment gives one.
  static Optional<String> executable(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(name -> !name.isEmpty());
  }

  /// Runs a command that must succeed and returns what it printed on standard output.
  String run(String... args) throws IOException {
    Outcome outcome = tryRun(args);
    assertEquals(
        0, outcome.status(), () -> "kopia " + String.join(" ", args) + "\n" + outcome.err());
    return outcome.out();
  }

  /// What a run did.
  record Outcome(int status, String out, String err) {}

  Outcome tryRun(String... args) throws IOException {
    Files.createDirectories(home);
    Path out = home.resolve("out" + runs);
    Path err = home.resolve("err" + runs++);
    List<String> command = new ArrayList<>(List.of(executable));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "KOPIA_PASSWORD", password,
                "KOPIA_CONFIG_PATH", home.resolve("repository.config").toString(),
                "KOPIA_CACHE_DIRECTORY", home.resolve("cache").toString(),
                "KOPIA_LOG_DIR", home.resolve("logs").toString(),
                "KOPIA_CHECK_FOR_UPDATES", "false",
                "KOPIA_USE_KEYRING", "false",
                "HOME", home.toString()));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("kopia " + String.join(" ", args) + " takes too long");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /// Connects to a folder, without a cache of lists, which could hide what the other program
  /// writes. The other caches stay: without them Kopia 4ebb2be6c ends in a panic.
  void connect(Path repository) throws IOException {
    run(
        "repository",
        "connect",
        "filesystem",
        "--path",
        repository.toString(),
        "--max-list-cache-duration=0s",
        "--override-hostname=host",
        "--override-username=user");
  }
}
