package dev.longshore.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options that every command takes, with Kopia's names and environment variables.
final class GlobalOptions {
  @Option(
      names = "--config-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The connection to use ($KOPIA_CONFIG_PATH); a bare name is looked up in the"
              + " user's configuration folder.")
  @Nullable String configFile;

  @Option(
      names = {"-p", "--password"},
      paramLabel = "PASSWORD",
      scope = ScopeType.INHERIT,
      description =
          "Repository password ($KOPIA_PASSWORD). Other users can see command lines:"
              + " prefer the variable or --password-file.")
  @Nullable String password;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Read the password from the first line of FILE; `-` is standard input,"
              + " `fd:N` an open file descriptor.")
  @Nullable String passwordFile;

  @Option(
      names = "--persist-credentials",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description =
          "Keep the password and the key made of it beside the configuration, readable by this user"
              + " only ($KOPIA_PERSIST_CREDENTIALS_ON_CONNECT).")
  boolean persistCredentials;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      defaultValue = "local",
      scope = ScopeType.INHERIT,
      description = "Show times in this zone: local, utc, original or a name such as Europe/Paris.")
  String timezone = "local";

  @Option(
      names = "--progress",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Show progress on standard error.")
  boolean progress;

  @Option(
      names = "--progress-update-interval",
      paramLabel = "DURATION",
      defaultValue = "300ms",
      scope = ScopeType.INHERIT,
      description = "How often the progress line changes on a terminal (default: 300ms).")
  String progressInterval = "300ms";

  @Option(
      names = "--auto-maintenance",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description =
          "After a command that changes snapshots, run the maintenance that is due, if this client"
              + " is its owner.")
  boolean autoMaintenance;

  // The launcher reads it too: the JVM must know before it starts.
  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      scope = ScopeType.INHERIT,
      description =
          "Memory to work with, for example 256M ($LONGSHORE_MEMORY; default: 128 MiB and 96 MiB"
              + " for each processor, and no more than a third of what there is). The process takes"
              + " up to 130 MiB more.")
  @Nullable String memory;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print a stack trace with an error, and the engine's log.")
  boolean debug;

  // Kopia has these three with each command too, and does not show them either.

  @Option(
      names = {"--dangerous-commands", "--advanced-commands"},
      paramLabel = "enabled",
      hidden = true,
      scope = ScopeType.INHERIT)
  String dangerousCommands = "";

  @Option(names = "--json-verbose", hidden = true, scope = ScopeType.INHERIT)
  boolean jsonVerbose;

  @Option(names = "--json-indent", hidden = true, scope = ScopeType.INHERIT)
  boolean jsonIndent;

  /// The launcher passes over what it cannot read.
  boolean isMemoryValid() {
    return memory == null || memory.matches("[0-9]{1,12}([bB]|[kKmMgG]([iI]?[bB])?)?");
  }
}
