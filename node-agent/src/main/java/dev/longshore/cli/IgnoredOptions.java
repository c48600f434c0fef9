package dev.longshore.cli;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options of Kopia that every command takes, so that scripts written for it keep working, and that
/// change nothing: there are no such logs, notices or keyring here.
final class IgnoredOptions {
  @Option(
      names = {
        "--log-dir",
        "--log-file",
        "--log-level",
        "--file-log-level",
        "--progress-estimation-type",
        "--adaptive-estimation-threshold",
        "--error-notifications",
        "--initial-update-check-delay",
        "--update-check-interval",
        "--update-available-notify-interval"
      },
      hidden = true,
      scope = ScopeType.INHERIT)
  List<String> values = List.of();

  // Passwords are kept in a file of mode 0600.
  @Option(names = "--use-keyring", negatable = true, hidden = true, scope = ScopeType.INHERIT)
  boolean useKeyring;

  @Option(
      names = "--disable-file-logging",
      negatable = true,
      hidden = true,
      scope = ScopeType.INHERIT)
  boolean disableFileLogging;

  @Option(
      names = "--disable-content-log",
      negatable = true,
      hidden = true,
      scope = ScopeType.INHERIT)
  boolean disableContentLog;

  @Option(
      names = "--disable-repository-log",
      negatable = true,
      hidden = true,
      scope = ScopeType.INHERIT)
  boolean disableRepositoryLog;

  @Option(names = "--trace-storage", negatable = true, hidden = true, scope = ScopeType.INHERIT)
  boolean traceStorage;

  // Nobody waits for an upgrade here.
  @Option(names = "--upgrade-no-block", negatable = true, hidden = true, scope = ScopeType.INHERIT)
  boolean upgradeNoBlock;
}
