package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.cli.Repo;
import dev.longshore.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Our own `repo` in this process, with a home of its own.
public final class OwnRepo {
  private final Path home;
  private final Map<String, String> environment = new HashMap<>();

  public OwnRepo(Path home, String password) {
    this.home = home;
    environment.put("HOME", home.toString());
    environment.put("KOPIA_CONFIG_PATH", home.resolve("repository.config").toString());
    environment.put("KOPIA_CACHE_DIRECTORY", home.resolve("cache").toString());
    environment.put("KOPIA_PASSWORD", password);
  }

  /// Sets a variable of the commands' environment.
  public OwnRepo with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /// What a run did.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Outcome(int status, String out, String err, byte[] bytes) {}

  /// Runs a command that must succeed and returns its standard output.
  public String run(String... args) {
    Outcome outcome = tryRun(args);
    assertEquals(
        0, outcome.status(), () -> "repo " + String.join(" ", args) + "\n" + outcome.err());
    return outcome.out();
  }

  /// Runs a command.
  public Outcome tryRun(String... args) {
    return tryRun(new ByteArrayInputStream(new byte[0]), args);
  }

  /// Runs a command with something on standard input.
  public Outcome tryRun(InputStream in, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status = Repo.run(terminal(in, out, err), args);
    return new Outcome(
        status,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8),
        out.toByteArray());
  }

  /// Runs a command whose standard output goes elsewhere.
  public Outcome tryRunTo(OutputStream out, String... args) {
    var err = new ByteArrayOutputStream();
    int status = Repo.run(terminal(InputStream.nullInputStream(), out, err), args);
    return new Outcome(status, "", err.toString(StandardCharsets.UTF_8), new byte[0]);
  }

  private Terminal terminal(InputStream in, OutputStream out, OutputStream err) {
    return new Terminal(
        in,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        environment,
        home,
        false,
        _ -> Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom());
  }

  /// The environment of the commands, to give it to a process of its own.
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /// Connects to a folder as the same client that the real Kopia is here.
  public void connect(Path repository) {
    run(
        "repository",
        "connect",
        "filesystem",
        "--path",
        repository.toString(),
        "--override-hostname=host",
        "--override-username=user");
  }
}
