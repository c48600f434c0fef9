package dev.longshore.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/// Everything outside the process that a command may touch, so that tests can run commands in
/// process.
///
/// @param out results
/// @param err progress, notices and errors
/// @param environment the process's environment variables
/// @param workingDirectory what relative paths are relative to
/// @param interactive standard error is a terminal: progress may be drawn and a password asked for
/// @param passwordPrompt asks a person for a password without echo; empty if nobody can be asked
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path workingDirectory,
    boolean interactive,
    PasswordPrompt passwordPrompt,
    Clock clock,
    SecureRandom random) {

  /// Asks for a password.
  @FunctionalInterface
  public interface PasswordPrompt {
    /// The password, or empty if nobody answers.
    Optional<String> ask(String prompt);
  }

  /// An environment variable that is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// An environment variable read the way Kopia reads switches: `1`, `t`, `true`, `y`, `yes`.
  public boolean flag(String name) {
    return variable(name)
        .map(value -> value.toLowerCase(java.util.Locale.ROOT))
        .filter(value -> java.util.Set.of("1", "t", "true", "y", "yes", "on").contains(value))
        .isPresent();
  }
}
