package dev.longshore.engine.repository;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The bytes of a [ConnectionFile].
final class ConnectionJson {
  private static final Duration DEFAULT_FORMAT_CACHE = Duration.ofMinutes(15);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final JsonFields FIELDS =
      JsonFields.of(
          "apiServer",
          "storage",
          "caching",
          "hostname",
          "username",
          "readonly",
          "permissiveCacheLoading",
          "description",
          "enableActions",
          "formatBlobCacheDuration",
          "throttlingLimits");
  private static final JsonFields CACHING_FIELDS =
      JsonFields.of(
          "cacheDirectory",
          "maxCacheSize",
          "contentCacheSizeLimitBytes",
          "maxMetadataCacheSize",
          "metadataCacheSizeLimitBytes",
          "maxListCacheDuration",
          "minMetadataSweepAge",
          "minContentSweepAge",
          "minIndexSweepAge");

  private final Path folder;
  private boolean apiServer;
  private ReconnectToken.Storage storage = new ReconnectToken.Storage("", "");
  private CachingOptions caching = CachingOptions.OFF;
  private String hostname = "";
  private String username = "";
  private boolean readOnly;
  private boolean permissive;
  private String description = "";
  private boolean actions;
  private Duration formatCache = Duration.ZERO;
  private Optional<String> limits = Optional.empty();

  private ConnectionJson(Path folder) {
    this.folder = folder;
  }

  /// @param file where the bytes come from: cache directories are relative to its folder
  static ConnectionFile decode(byte[] bytes, Path file) throws RepositoryException {
    ConnectionJson found = new ConnectionJson(folderOf(file));
    try (JsonInput json = JsonInput.of("connection", bytes)) {
      json.beginObject();
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        found.read(name, json);
      }
      json.finish();
    } catch (CorruptException e) {
      throw new DamagedException("connection file " + file + ": " + e.getMessage(), e);
    }
    if (found.apiServer) {
      throw new UnsupportedException(
          "connection file " + file + ": connections to a Kopia server are not supported");
    }
    if (found.storage.type().isEmpty()) {
      throw new DamagedException("connection file " + file + ": it names no storage");
    }
    return found.toFile();
  }

  private void read(String name, JsonInput json) throws CorruptException {
    switch (name) {
      case "apiServer" -> {
        apiServer = !json.isNull();
        if (apiServer) {
          json.skip();
        }
      }
      case "storage" -> storage = ReconnectToken.readStorage(json);
      case "caching" -> caching = readCaching(json);
      case "hostname" -> hostname = json.string();
      case "username" -> username = json.string();
      case "readonly" -> readOnly = json.bool();
      case "permissiveCacheLoading" -> permissive = json.bool();
      case "description" -> description = json.string();
      case "enableActions" -> actions = json.bool();
      case "formatBlobCacheDuration" -> formatCache = Duration.ofNanos(json.int64());
      default ->
          limits =
              json.isNull()
                  ? Optional.empty()
                  : Optional.of(new String(JsonText.compact(json.raw()), StandardCharsets.UTF_8));
    }
  }

  private CachingOptions readCaching(JsonInput json) throws CorruptException {
    Optional<Path> directory = Optional.empty();
    long[] sizes = new long[4];
    Duration[] ages = {Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO};
    if (json.beginObject()) {
      for (String name = json.nextField(CACHING_FIELDS);
          name != null;
          name = json.nextField(CACHING_FIELDS)) {
        switch (name) {
          case "cacheDirectory" -> directory = directory(json);
          case "maxCacheSize" -> sizes[0] = json.int64();
          case "contentCacheSizeLimitBytes" -> sizes[1] = json.int64();
          case "maxMetadataCacheSize" -> sizes[2] = json.int64();
          case "metadataCacheSizeLimitBytes" -> sizes[3] = json.int64();
          case "maxListCacheDuration" -> ages[0] = seconds(json);
          case "minMetadataSweepAge" -> ages[1] = seconds(json);
          case "minContentSweepAge" -> ages[2] = seconds(json);
          default -> ages[3] = seconds(json);
        }
      }
    }
    return new CachingOptions(
        directory, sizes[0], sizes[1], sizes[2], sizes[3], ages[0], ages[1], ages[2], ages[3]);
  }

  private Optional<Path> directory(JsonInput json) throws CorruptException {
    String text = json.string();
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(folder.resolve(text).toAbsolutePath().normalize());
    } catch (java.nio.file.InvalidPathException e) {
      throw json.corrupt("not a path");
    }
  }

  private static Duration seconds(JsonInput json) throws CorruptException {
    double value = json.number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw json.corrupt("expected seconds");
    }
    return Duration.ofNanos((long) (value * NANOS_PER_SECOND));
  }

  private ConnectionFile toFile() {
    return new ConnectionFile(
        storage.type(),
        storage.configJson(),
        caching,
        new ClientOptions(
            hostname,
            username,
            readOnly,
            permissive,
            description.isEmpty() ? Optional.empty() : Optional.of(description),
            actions,
            formatCache.isZero() ? DEFAULT_FORMAT_CACHE : formatCache),
        limits);
  }

  /// @param file where the bytes go
  static byte[] encode(ConnectionFile connection, Path file) {
    GoJsonWriter json = GoJsonWriter.indented();
    json.beginObject().name("storage");
    ReconnectToken.writeStorage(json, connection.storageType(), connection.storageConfigJson());
    writeCaching(json.name("caching"), connection.caching(), folderOf(file));
    ClientOptions client = connection.client();
    json.field("hostname", client.hostname())
        .field("username", client.username())
        .fieldIfTrue("readonly", client.readOnly())
        .fieldIfTrue("permissiveCacheLoading", client.permissiveCacheLoading())
        .fieldUnlessEmpty("description", client.description().orElse(""))
        .field("enableActions", client.enableActions())
        .fieldUnlessZero("formatBlobCacheDuration", client.formatBlobCacheDuration().toNanos());
    connection
        .throttlingLimitsJson()
        .ifPresent(
            limits -> json.name("throttlingLimits").raw(limits.getBytes(StandardCharsets.UTF_8)));
    return json.endObject().toByteArray();
  }

  private static void writeCaching(GoJsonWriter json, CachingOptions caching, Path folder) {
    json.beginObject();
    caching
        .directory()
        .ifPresent(directory -> json.field("cacheDirectory", relative(folder, directory)));
    json.fieldUnlessZero("maxCacheSize", caching.maxCacheSizeBytes())
        .fieldUnlessZero("contentCacheSizeLimitBytes", caching.contentLimitBytes())
        .fieldUnlessZero("maxMetadataCacheSize", caching.maxMetadataCacheSizeBytes())
        .fieldUnlessZero("metadataCacheSizeLimitBytes", caching.metadataLimitBytes());
    writeSeconds(json, "maxListCacheDuration", caching.maxListCacheDuration());
    writeSeconds(json, "minMetadataSweepAge", caching.minMetadataSweepAge());
    writeSeconds(json, "minContentSweepAge", caching.minContentSweepAge());
    writeSeconds(json, "minIndexSweepAge", caching.minIndexSweepAge());
    json.endObject();
  }

  private static void writeSeconds(GoJsonWriter json, String name, Duration duration) {
    if (!duration.isZero()) {
      json.name(name).value(duration.toNanos() / NANOS_PER_SECOND);
    }
  }

  private static String relative(Path folder, Path directory) {
    try {
      return folder.relativize(directory.toAbsolutePath().normalize()).toString();
    } catch (IllegalArgumentException e) {
      return directory.toString(); // on another drive
    }
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }
}
