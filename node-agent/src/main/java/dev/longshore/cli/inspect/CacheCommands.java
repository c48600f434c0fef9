package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.cache.CacheDirectory;
import dev.longshore.engine.cache.CacheDirectory.FolderInfo;
import dev.longshore.engine.cache.CacheDirectory.Part;
import dev.longshore.engine.cache.CacheLimits;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cache info` and `clear`, and the group of all that is about the cache.
public final class CacheCommands {
  private CacheCommands() {}

  @Command(
      name = "cache",
      description = "The local cache: look at it, set its limits, fill it, clear it.")
  static final class Group extends CommandGroup {}

  /// `cache` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new CacheInfo(cli),
        new CacheSetCommand(cli),
        new Clear(cli),
        new CacheFillCommands.Prefetch(cli),
        new CacheFillCommands.Sync(cli));
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

    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

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
      List<FolderInfo> folders =
          new CacheDirectory(directory).info().stream().filter(FolderInfo::exists).toList();
      if (json) {
        cli.out().println(json(directory, folders, options));
        return ExitCode.OK;
      }
      for (FolderInfo folder : folders) {
        cli.out()
            .println(
                "%s: %d files %s%s"
                    .formatted(
                        folder.path(),
                        folder.files(),
                        cli.sizes().bytes(folder.bytes()),
                        remark(folder, options)));
      }
      cli.notice("To adjust the cache use `repo cache set`, to clear it `repo cache clear`.");
      return ExitCode.OK;
    }

    private static Optional<CacheLimits> limits(FolderInfo folder, CachingOptions options) {
      return switch (name(folder)) {
        case "contents", "server-contents", "longshore-contents" ->
            Optional.of(options.contentLimits());
        case "metadata", "longshore-metadata" -> Optional.of(options.metadataLimits());
        default -> Optional.empty();
      };
    }

    private static boolean isOfLists(FolderInfo folder) {
      return name(folder).equals("blob-list") || name(folder).equals("longshore-lists");
    }

    private static String name(FolderInfo folder) {
      return folder.path().getFileName().toString();
    }

    private String remark(FolderInfo folder, CachingOptions options) {
      if (isOfLists(folder)) {
        return " (duration: " + GoDurations.format(options.maxListCacheDuration()) + ")";
      }
      return limits(folder, options)
          .map(limits ->
              " (soft limit: %s, hard limit: %s, min sweep age: %s)"
                  .formatted(
                      cli.sizes().bytes(limits.softBytes()),
                      limits.hardBytes() > 0 ? cli.sizes().bytes(limits.hardBytes()) : "none",
                      GoDurations.format(limits.minAge())))
          .orElse("");
    }

    private static String json(Path directory, List<FolderInfo> folders, CachingOptions options) {
      var json = new GoJsonWriter();
      json.beginObject();
      json.field("cacheDirectory", directory.toString());
      json.name("folders").beginArray();
      for (FolderInfo folder : folders) {
        json.beginObject();
        json.field("name", name(folder));
        json.field("path", folder.path().toString());
        json.field("fileCount", folder.files());
        json.field("totalSize", folder.bytes());
        limits(folder, options)
            .ifPresent(limits -> {
              json.field("softLimitBytes", limits.softBytes());
              json.fieldUnlessZero("hardLimitBytes", limits.hardBytes());
              json.field("minSweepAgeSeconds", limits.minAge().toSeconds());
            });
        if (isOfLists(folder)) {
          json.field("durationSeconds", options.maxListCacheDuration().toSeconds());
        }
        json.endObject();
      }
      json.endArray();
      json.endObject();
      return new String(json.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  /// `cache clear`.
  @Command(name = "clear", description = "Delete what is in the cache; nothing is lost.")
  static final class Clear extends RepoCommand {
    @Option(
        names = "--partial",
        paramLabel = "PART",
        description = "Only contents, indexes, metadata, own-writes or blob-list.")
    @Nullable String partial;

    Clear(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      CacheDirectory directory = new CacheDirectory(directory(options(cli)));
      if (partial == null) {
        cli.notice("Clearing cache directory: " + directory.path() + ".");
        directory.clear();
      } else {
        Part part = part();
        cli.notice("Clearing " + partial + " in cache directory: " + directory.path() + ".");
        directory.clear(part);
      }
      return ExitCode.OK;
    }

    private Part part() {
      return Arrays.stream(Part.values())
          .filter(part -> part.kopiaName().equals(partial))
          .findFirst()
          .orElseThrow(() ->
              usage(
                  "--partial: one of "
                      + Arrays.stream(Part.values())
                          .map(Part::kopiaName)
                          .collect(Collectors.joining(", "))));
    }
  }
}
