package dev.longshore.cli;

/// A command that cannot go on, for a reason that concerns the user and not the repository: the
/// message is one line that says what, where and what to do.
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public CommandFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /// What the process returns.
  public ExitCode exitCode() {
    return exitCode;
  }
}
