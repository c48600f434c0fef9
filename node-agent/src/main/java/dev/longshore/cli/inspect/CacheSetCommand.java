package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.ConnectionFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cache set`: changes what the connection says of its cache. A megabyte is a million bytes here,
/// as in Kopia.
@Command(name = "set", description = "Set where the cache is and how large it may grow.")
final class CacheSetCommand extends RepoCommand {
  private static final long MEGABYTE = 1_000_000;

  @Option(
      names = "--cache-directory",
      paramLabel = "DIR",
      description = "Cache directory; what the old one holds stays there.")
  @Nullable String directory;

  @Option(
      names = "--content-cache-size-mb",
      paramLabel = "MB",
      description = "Size of the cache of data contents, soft limit; 0 to cache nothing at all.")
  @Nullable Long contentSize;

  @Option(
      names = "--content-cache-size-limit-mb",
      paramLabel = "MB",
      description = "Hard limit of the cache of data contents; 0 for none.")
  @Nullable Long contentLimit;

  @Option(
      names = "--content-min-sweep-age",
      paramLabel = "DURATION",
      description = "Age before which data contents stay, below the hard limit; 0 for 10m.")
  @Nullable String contentAge;

  @Option(
      names = "--metadata-cache-size-mb",
      paramLabel = "MB",
      description = "Size of the cache of metadata and index blobs, soft limit; 0 for none.")
  @Nullable Long metadataSize;

  @Option(
      names = "--metadata-cache-size-limit-mb",
      paramLabel = "MB",
      description = "Hard limit of the cache of metadata and index blobs; 0 for none.")
  @Nullable Long metadataLimit;

  @Option(
      names = "--metadata-min-sweep-age",
      paramLabel = "DURATION",
      description = "Age before which metadata stay, below the hard limit; 0 for 24h.")
  @Nullable String metadataAge;

  @Option(
      names = "--index-min-sweep-age",
      paramLabel = "DURATION",
      description = "Age before which index blobs stay, below the hard limit; 0 for 1h.")
  @Nullable String indexAge;

  @Option(
      names = "--max-list-cache-duration",
      paramLabel = "DURATION",
      description = "How long a list of index blobs serves, 15m at most; 0 for not at all.")
  @Nullable String listDuration;

  private int changes;

  CacheSetCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    Path file = cli.connection().configFile();
    ConnectionFile connection = ConnectionFile.read(file);
    CachingOptions old = connection.caching();
    CachingOptions changed =
        new CachingOptions(
            directory(old, connection),
            bytes("content cache size", contentSize, old.maxCacheSizeBytes()),
            bytes("content cache size limit", contentLimit, old.contentLimitBytes()),
            bytes("metadata cache size", metadataSize, old.maxMetadataCacheSizeBytes()),
            bytes("metadata cache size limit", metadataLimit, old.metadataLimitBytes()),
            duration("list cache duration", listDuration, old.maxListCacheDuration()),
            duration("minimum metadata sweep age", metadataAge, old.minMetadataSweepAge()),
            duration("minimum content sweep age", contentAge, old.minContentSweepAge()),
            duration("minimum index sweep age", indexAge, old.minIndexSweepAge()));
    if (changes == 0) {
      throw usage("no changes");
    }
    new ConnectionFile(
            connection.storageType(),
            connection.storageConfigJson(),
            changed.forKopia(),
            connection.client(),
            connection.throttlingLimitsJson())
        .write(file);
    if (changed.maxCacheSizeBytes() <= 0) {
      cli.notice("Without a size of data contents nothing is cached.");
    }
    return ExitCode.OK;
  }

  private Optional<Path> directory(CachingOptions old, ConnectionFile connection)
      throws IOException {
    if (directory != null) {
      changes++;
      Path named = cli.terminal().workingDirectory().resolve(directory);
      cli.notice("setting cache directory to " + named);
      return Optional.of(named);
    }
    if (old.directory().isPresent() || contentSize == null) {
      return old.directory();
    }
    // A connection without a cache gets one.
    try (var store =
        cli.connection().openStore(connection.storageType(), connection.storageConfigJson())) {
      byte[] repository = dev.longshore.engine.repository.Repositories.uniqueId(store);
      return Optional.of(
          cli.connection().paths().cacheDirectory(repository, cli.connection().configFile()));
    }
  }

  private long bytes(String what, @Nullable Long megabytes, long old) {
    if (megabytes == null) {
      return old;
    }
    if (megabytes < 0 || megabytes > Long.MAX_VALUE / MEGABYTE) {
      throw usage(what + ": not a size: " + megabytes);
    }
    changes++;
    long bytes = megabytes * MEGABYTE;
    cli.notice("changing " + what + " to " + cli.sizes().bytes(bytes));
    return bytes;
  }

  private Duration duration(String what, @Nullable String text, Duration old) {
    if (text == null) {
      return old;
    }
    Duration given =
        GoDurations.parse(text)
            .filter(duration -> !duration.isNegative())
            .orElseThrow(() -> usage(what + ": not a duration such as 10m"));
    changes++;
    cli.notice("changing " + what + " to " + GoDurations.format(given));
    return given;
  }
}
