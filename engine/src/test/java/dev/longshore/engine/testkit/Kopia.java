package dev.longshore.engine.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real Kopia, for tests that compare with it: the executable named by `KOPIA_EXE`.
///
/// Each instance has a configuration and a home of its own and no cache, so that it sees at once
/// what others write.
public final class Kopia {
  /// The environment variable that names the executable; tests are skipped without it.
  public static final String VARIABLE = "KOPIA_EXE";

  private static final int MAX_SECONDS = 300;

  private final Path home;
  private final String password;

  /// @param home an empty folder for configuration and logs
  public Kopia(Path home, String password) {
    this.home = home;
    this.password = password;
  }

  /// Creates a filesystem repository and connects to it.
  public void create(Path repository, String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("repository", "create", "filesystem", "--path=" + repository));
    arguments.addAll(List.of(options));
    run(arguments.toArray(String[]::new));
    noCache();
  }

  /// Connects to a filesystem repository.
  public void connect(Path repository) throws IOException {
    run("repository", "connect", "filesystem", "--path=" + repository);
    noCache();
  }

  private void noCache() throws IOException {
    run(
        "cache",
        "set",
        "--content-cache-size-mb=0",
        "--metadata-cache-size-mb=0",
        "--max-list-cache-duration=0s");
  }

  /// Runs a command and returns what it printed to standard output.
  ///
  /// @throws IOException if it does not end well, with all it said
  public String run(String... arguments) throws IOException {
    String executable = System.getenv(VARIABLE);
    if (executable == null) {
      throw new IOException(VARIABLE + " is not set");
    }
    List<String> command = new ArrayList<>(List.of(executable));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(home, "out", null);
    Path err = Files.createTempFile(home, "err", null);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .directory(home.toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    builder.environment().put("KOPIA_CONFIG_PATH", home.resolve("kopia.config").toString());
    builder.environment().put("KOPIA_PASSWORD", password);
    builder.environment().put("KOPIA_CHECK_FOR_UPDATES", "false");
    Process process = builder.start();
    try {
      if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(command + " interrupted", e);
    }
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(
          command + " ended with " + process.exitValue() + "\n" + printed + Files.readString(err));
    }
    Files.delete(out);
    Files.delete(err);
    return printed;
  }
}
