package dev.longshore.engine.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real Kopia, for tests that compare with it: the executable named by `KOPIA_EXE`.
///
/// Each instance has a home of its own, with its configuration, caches and logs. It keeps no lists
/// of blobs, so that it sees at once what others write. The other caches stay: without them Kopia
/// 4ebb2be6c ends in a panic.
public final class Kopia {
  /// The environment variable that names the executable; tests are skipped without it.
  public static final String VARIABLE = "KOPIA_EXE";

  private static final int MAX_MINUTES = 5;

  private final Path home;
  private final String password;
  private final Map<String, String> more = new HashMap<>();
  private int runs;

  /// @param home a folder for configuration and logs, made if it is not there
  public Kopia(Path home, String password) {
    this.home = home;
    this.password = password;
  }

  /// Sets another variable of the commands' environment.
  public Kopia with(String variable, String value) {
    more.put(variable, value);
    return this;
  }

  /// Tells whether the environment names an executable.
  public static boolean isThere() {
    String executable = System.getenv(VARIABLE);
    return executable != null && !executable.isEmpty();
  }

  /// Creates a filesystem repository as `user@host` and connects to it.
  public void create(Path repository, List<String> options) throws IOException {
    take("create", repository, options);
  }

  /// Connects to a filesystem repository as `user@host`.
  public void connect(Path repository) throws IOException {
    take("connect", repository, List.of());
  }

  private void take(String verb, Path repository, List<String> options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "repository",
                verb,
                "filesystem",
                "--path=" + repository,
                "--max-list-cache-duration=0s",
                "--override-hostname=host",
                "--override-username=user"));
    arguments.addAll(options);
    run(arguments.toArray(String[]::new));
  }

  /// Runs a command and returns what it printed on standard output.
  ///
  /// @throws IOException if it does not end well, with all it said
  public String run(String... arguments) throws IOException {
    Outcome outcome = tryRun(arguments);
    if (outcome.status() != 0) {
      throw new IOException(
          "kopia %s ended with %d%n%s%s"
              .formatted(
                  String.join(" ", arguments), outcome.status(), outcome.out(), outcome.err()));
    }
    return outcome.out();
  }

  /// What a run did.
  public record Outcome(int status, String out, String err) {}

  /// Runs a command, whatever comes of it.
  ///
  /// @throws IOException if it cannot be run, or does not end
  public Outcome tryRun(String... arguments) throws IOException {
    String executable = System.getenv(VARIABLE);
    if (executable == null) {
      throw new IOException(VARIABLE + " is not set");
    }
    Files.createDirectories(home);
    Path out = home.resolve("out" + runs);
    Path err = home.resolve("err" + runs++);
    List<String> command = new ArrayList<>(List.of(executable));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", home.toString(),
                "KOPIA_PASSWORD", password,
                "KOPIA_CONFIG_PATH", home.resolve("repository.config").toString(),
                "KOPIA_CACHE_DIRECTORY", home.resolve("cache").toString(),
                "KOPIA_LOG_DIR", home.resolve("logs").toString(),
                "KOPIA_CHECK_FOR_UPDATES", "false",
                "KOPIA_USE_KEYRING", "false"));
    builder.environment().putAll(more);
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(MAX_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException(command + " does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(command + " interrupted", e);
    }
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
