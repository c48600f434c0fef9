package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.cache.CacheDirectory;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.ConnectionFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cache info` and `clear`.
public final class CacheCommands {
  private CacheCommands() {}

  @Command(name = "cache", description = "Look at the local cache, or clear it.")
  static final class Group extends CommandGroup {}

  /// `cache` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(new Group(), new CacheInfo(cli), new Clear(cli));
  }

  private static CachingOptions options(Cli cli) throws IOException {
    return ConnectionFile.read(cli.connection().configFile()).caching();
  }

  private static Path directory(CachingOptions options) {
    return options
        .directory()
        .orElseThrow(() -> new CommandFailure(ExitCode.NOT_FOUND, "this connection has no cache"));
  }

  /// `cache info`.
  @Command(name = "info", description = "Show where the cache is and what is in it.")
  static final class CacheInfo extends RepoCommand {
    @Option(names = "--path", negatable = true, description = "Only the folder.")
    boolean path;

    CacheInfo(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      CachingOptions options = options(cli);
      Path directory = directory(options);
      if (path) {
        cli.out().println(directory);
        return ExitCode.OK;
      }
      for (CacheDirectory.FolderInfo folder : new CacheDirectory(directory).info()) {
        cli.out()
            .println(
                "%s: %d files %s%s"
                    .formatted(
                        folder.path(),
                        folder.files(),
                        cli.sizes().bytes(folder.bytes()),
                        limits(folder.path(), options)));
      }
      cli.notice("To clear the cache use `repo cache clear`.");
      return ExitCode.OK;
    }

    private String limits(Path folder, CachingOptions options) {
      return switch (folder.getFileName().toString()) {
        case "contents" -> limits(options.maxCacheSizeBytes(), options.contentLimitBytes());
        case "metadata" ->
            limits(options.maxMetadataCacheSizeBytes(), options.metadataLimitBytes());
        default -> "";
      };
    }

    private String limits(long soft, long hard) {
      return " (soft limit: %s, hard limit: %s)"
          .formatted(cli.sizes().bytes(soft), hard > 0 ? cli.sizes().bytes(hard) : "none");
    }
  }

  /// `cache clear`.
  @Command(name = "clear", description = "Delete what is in the cache; nothing is lost.")
  static final class Clear extends RepoCommand {
    Clear(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      Path directory = directory(options(cli));
      cli.notice("Clearing cache directory: " + directory + ".");
      new CacheDirectory(directory).clear();
      return ExitCode.OK;
    }
  }
}
