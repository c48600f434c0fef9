package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.ConnectionFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `repository set-client`: what this connection says of its client.
@Command(
    name = "set-client",
    description = "Change what the connection says of this client, and whether it may write.")
final class SetClientCommand extends RepoCommand {
  @Option(names = "--read-only", description = "Refuse to change the repository.")
  boolean readOnly;

  @Option(names = "--read-write", description = "Allow to change the repository.")
  boolean readWrite;

  @Option(names = "--permissive-cache-loading", hidden = true)
  boolean permissive;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "What this repository is, for people.")
  @Nullable String description;

  @Option(
      names = "--username",
      paramLabel = "NAME",
      description = "User name of this connection's snapshots.")
  @Nullable String username;

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "Host name of this connection's snapshots.")
  @Nullable String hostname;

  @Option(
      names = "--repository-format-cache-duration",
      paramLabel = "DURATION",
      description = "How long Kopia keeps a copy of the format blob; Longshore keeps none.")
  @Nullable String formatCacheDuration;

  @Option(
      names = "--disable-repository-format-cache",
      description = "Kopia keeps no copy of the format blob.")
  boolean disableFormatCache;

  SetClientCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (readOnly && readWrite) {
      throw usage("--read-only and --read-write exclude each other");
    }
    Path file = cli.connection().configFile();
    ConnectionFile connection = ConnectionFile.read(file);
    ClientOptions old = connection.client();
    ClientOptions changed = change(old);
    if (changed.equals(old)) {
      throw new CommandFailure(ExitCode.FAILED, "no changes");
    }
    if (changed.permissiveCacheLoading() && !changed.readOnly()) {
      throw usage("--permissive-cache-loading needs --read-only");
    }
    connection.withClient(changed).write(file);
    return ExitCode.OK;
  }

  private ClientOptions change(ClientOptions old) {
    boolean onlyReads = readOnly || (old.readOnly() && !readWrite);
    if (readOnly || readWrite) {
      String mode = readOnly ? "read-only" : "read-write";
      cli.notice(
          onlyReads == old.readOnly()
              ? "Repository is already in " + mode + " mode."
              : "Setting repository to " + mode + " mode.");
    }
    return new ClientOptions(
        say("local hostname", hostname).orElse(old.hostname()),
        say("local username", username).orElse(old.username()),
        onlyReads,
        permissive || (old.permissiveCacheLoading() && onlyReads),
        say("description", description).or(old::description),
        old.enableActions(),
        formatCache().orElse(old.formatBlobCacheDuration()));
  }

  private Optional<String> say(String what, @Nullable String value) {
    if (value != null) {
      cli.notice("Setting " + what + " to " + value);
    }
    return Optional.ofNullable(value);
  }

  private Optional<Duration> formatCache() {
    if (disableFormatCache) {
      cli.notice("Disabling format blob cache");
      return Optional.of(Duration.ofNanos(-1));
    }
    if (formatCacheDuration == null) {
      return Optional.empty();
    }
    cli.notice("Setting format blob cache duration to " + formatCacheDuration);
    return Optional.of(
        GoDurations.parse(formatCacheDuration)
            .orElseThrow(
                () -> usage("--repository-format-cache-duration: not a duration such as 15m")));
  }
}
