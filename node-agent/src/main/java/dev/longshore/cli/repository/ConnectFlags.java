package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.ConnectionFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a connection is made: shared by `connect` and `create`.
final class ConnectFlags {
  @Option(
      names = "--cache-directory",
      paramLabel = "DIR",
      description = "Cache directory ($KOPIA_CACHE_DIRECTORY).")
  @Nullable String cacheDirectory;

  @Option(
      names = {"--content-cache-size-mb"},
      paramLabel = "MB",
      description = "Size of the cache of data contents; 0 to cache nothing (default: 5000).")
  long contentCacheMegabytes = 5000;

  @Option(
      names = {"--metadata-cache-size-mb"},
      paramLabel = "MB",
      description = "Size of the cache of metadata; 0 for none (default: 5000).")
  long metadataCacheMegabytes = 5000;

  @Option(
      names = "--content-cache-size-limit-mb",
      paramLabel = "MB",
      description = "Hard limit of the cache of data contents.")
  long contentCacheLimitMegabytes;

  @Option(
      names = "--metadata-cache-size-limit-mb",
      paramLabel = "MB",
      description = "Hard limit of the cache of metadata.")
  long metadataCacheLimitMegabytes;

  @Option(
      names = "--content-min-sweep-age",
      paramLabel = "DURATION",
      description = "Age before which data contents stay in the cache, below the hard limit.")
  @Nullable String contentMinSweepAge;

  @Option(
      names = "--metadata-min-sweep-age",
      paramLabel = "DURATION",
      description = "Age before which metadata stay in the cache, below the hard limit.")
  @Nullable String metadataMinSweepAge;

  @Option(
      names = "--index-min-sweep-age",
      paramLabel = "DURATION",
      description = "Age before which index blobs stay in the cache, below the hard limit.")
  @Nullable String indexMinSweepAge;

  @Option(
      names = "--max-list-cache-duration",
      paramLabel = "DURATION",
      description = "How long a list of blobs serves (default: 30s).")
  String maxListCacheDuration = "30s";

  @Option(
      names = "--override-hostname",
      paramLabel = "NAME",
      description = "Host name of this connection's snapshots.")
  @Nullable String hostname;

  @Option(
      names = "--override-username",
      paramLabel = "NAME",
      description = "User name of this connection's snapshots.")
  @Nullable String username;

  @Option(names = "--readonly", negatable = true, description = "Refuse to change the repository.")
  boolean readonly;

  @Option(names = "--permissive-cache-loading", hidden = true)
  boolean permissiveCacheLoading;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "What this repository is, for people.")
  @Nullable String description;

  @Option(
      names = "--enable-actions",
      negatable = true,
      description = "Kept for Kopia; Longshore runs no actions.")
  boolean enableActions;

  @Option(names = "--check-for-updates", negatable = true, hidden = true)
  boolean checkForUpdates;

  @Option(names = "--repository-format-cache-duration", hidden = true, paramLabel = "DURATION")
  @Nullable String formatCacheDuration;

  @Option(names = "--disable-repository-format-cache", hidden = true)
  boolean disableFormatCache;

  /// The connection to `location`, for this client.
  ConnectionFile connection(Cli cli, StoreLocation location, byte[] uniqueId, BlobStore store) {
    Path config = cli.connection().configFile();
    Path cache =
        Optional.ofNullable(cacheDirectory)
            .or(() -> cli.terminal().variable("KOPIA_CACHE_DIRECTORY"))
            .map(name -> cli.terminal().workingDirectory().resolve(name))
            .orElseGet(() -> cli.connection().paths().cacheDirectory(uniqueId, config));
    return new ConnectionFile(
        location.type(),
        location.configJson(),
        caching(cache),
        client(cli, store),
        Optional.empty());
  }

  private CachingOptions caching(Path directory) {
    return new CachingOptions(
            Optional.of(directory),
            contentCacheMegabytes << 20,
            contentCacheLimitMegabytes << 20,
            metadataCacheMegabytes << 20,
            metadataCacheLimitMegabytes << 20,
            duration("--max-list-cache-duration", maxListCacheDuration),
            duration("--metadata-min-sweep-age", metadataMinSweepAge),
            duration("--content-min-sweep-age", contentMinSweepAge),
            duration("--index-min-sweep-age", indexMinSweepAge))
        .forKopia();
  }

  private static Duration duration(String option, @Nullable String text) {
    return text == null
        ? Duration.ZERO
        : GoDurations.parse(text)
            .filter(duration -> !duration.isNegative())
            .orElseThrow(() -> usage(option + ": not a duration such as 30s"));
  }

  /// Who this client is, as the flags say.
  ClientOptions client(Cli cli, BlobStore store) {
    String shown = "Repository in " + store.description().displayName();
    return new ClientOptions(
        hostname != null ? hostname : LocalNames.hostname(cli.terminal()),
        username != null ? username : LocalNames.username(cli.terminal()),
        readonly,
        permissiveCacheLoading,
        Optional.of(description != null ? description : shown),
        enableActions,
        formatCache());
  }

  private Duration formatCache() {
    if (disableFormatCache) {
      return Duration.ofNanos(-1);
    }
    if (formatCacheDuration == null) {
      return Duration.ofMinutes(15);
    }
    return GoDurations.parse(formatCacheDuration)
        .orElseThrow(() -> usage("--repository-format-cache-duration: not a duration such as 15m"));
  }

  private static CommandFailure usage(String problem) {
    return new CommandFailure(ExitCode.USAGE, problem);
  }

  /// Writes the connection, tries it, and keeps the password if the user wants that.
  void connect(Cli cli, ConnectionFile connection, String password) throws IOException {
    Path config = cli.connection().configFile();
    cli.connection()
        .connections()
        .connect(config, connection, password, cli.connection().openOptions());
    if (cli.connection().persistCredentials()) {
      dev.longshore.engine.repository.Connections.storePassword(config, password);
    }
    cli.notice("Connected to repository.");
    WellKnownPassword.warn(cli, password);
  }
}
