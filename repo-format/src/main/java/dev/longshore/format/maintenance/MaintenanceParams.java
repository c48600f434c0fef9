package dev.longshore.format.maintenance;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Duration;
import java.util.Map;

/// Who maintains a repository and how often: the document of the manifest with label
/// `type=maintenance`.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `owner` | string | `user@host` of the only client that may |
/// | `quick`, `full` | `{enabled, interval}` | the two cycles; intervals in nanoseconds |
/// | `logRetention` | `{maxTotalSize, maxCount, maxAge}` | bytes, blobs, nanoseconds |
/// | `extendObjectLocks` | boolean | renew the store's retention of blobs |
/// | `listParallelism` | integer | 0 for the default |
///
/// All fields are always written. Source: kopia 4ebb2be6c `repo/maintenance/maintenance_params.go`,
/// `cleanup_logs.go`; all versions.
public record MaintenanceParams(
    String owner,
    Cycle quick,
    Cycle full,
    LogRetention logRetention,
    boolean extendObjectLocks,
    int listParallelism) {
  /// The labels of the manifest.
  public static final Map<String, String> LABELS = Map.of("type", "maintenance");

  private static final JsonFields FIELDS =
      JsonFields.of(
          "owner", "quick", "full", "logRetention", "extendObjectLocks", "listParallelism");

  /// How often a cycle is due.
  public record Cycle(boolean enabled, Duration interval) {
    private static final JsonFields FIELDS = JsonFields.of("enabled", "interval");

    private void writeTo(GoJsonWriter json) {
      json.beginObject()
          .field("enabled", enabled)
          .field("interval", interval.toNanos())
          .endObject();
    }

    private static Cycle readFrom(JsonInput json) throws CorruptException {
      boolean enabled = false;
      Duration interval = Duration.ZERO;
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "enabled" -> enabled = json.bool();
            case "interval" -> interval = Duration.ofNanos(json.int64());
            default -> json.skip();
          }
        }
      }
      return new Cycle(enabled, interval);
    }
  }

  /// How many of the repository's log blobs are kept.
  public record LogRetention(long maxTotalSizeBytes, long maxCount, Duration maxAge) {
    /// What Kopia writes.
    public static final LogRetention DEFAULT =
        new LogRetention(1L << 30, 10_000, Duration.ofDays(30));

    private static final JsonFields FIELDS = JsonFields.of("maxTotalSize", "maxCount", "maxAge");

    private void writeTo(GoJsonWriter json) {
      json.beginObject()
          .field("maxTotalSize", maxTotalSizeBytes)
          .field("maxCount", maxCount)
          .field("maxAge", maxAge.toNanos())
          .endObject();
    }

    private static LogRetention readFrom(JsonInput json) throws CorruptException {
      long maxTotalSize = 0;
      long maxCount = 0;
      Duration maxAge = Duration.ZERO;
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "maxTotalSize" -> maxTotalSize = json.int64();
            case "maxCount" -> maxCount = json.int64();
            case "maxAge" -> maxAge = Duration.ofNanos(json.int64());
            default -> json.skip();
          }
        }
      }
      return new LogRetention(maxTotalSize, maxCount, maxAge);
    }
  }

  /// What a new repository gets: quick every hour, full every day. A repository without the
  /// manifest is taken to have these with the owner "", so nobody maintains it.
  public static MaintenanceParams defaults(String owner) {
    return new MaintenanceParams(
        owner,
        new Cycle(true, Duration.ofHours(1)),
        new Cycle(true, Duration.ofHours(24)),
        LogRetention.DEFAULT,
        false,
        0);
  }

  /// How many log blobs are kept; nothing set stands for the default.
  public LogRetention logRetentionOrDefault() {
    boolean unset =
        logRetention.maxTotalSizeBytes == 0
            && logRetention.maxCount == 0
            && logRetention.maxAge.isZero();
    return unset ? LogRetention.DEFAULT : logRetention;
  }

  /// The manifest's document.
  public byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject();
    writeFields(json);
    json.endObject();
    return json.toByteArray();
  }

  /// Writes the document's fields into an open object.
  public void writeFields(GoJsonWriter json) {
    json.field("owner", owner);
    quick.writeTo(json.name("quick"));
    full.writeTo(json.name("full"));
    logRetention.writeTo(json.name("logRetention"));
    json.field("extendObjectLocks", extendObjectLocks).field("listParallelism", listParallelism);
  }

  /// Reads the manifest's document.
  ///
  /// @throws CorruptException if it is not one
  public static MaintenanceParams decode(byte[] data) throws CorruptException {
    String owner = "";
    Cycle quick = new Cycle(false, Duration.ZERO);
    Cycle full = quick;
    LogRetention logs = new LogRetention(0, 0, Duration.ZERO);
    boolean extend = false;
    int parallelism = 0;
    try (JsonInput json = JsonInput.of("maintenance parameters", data)) {
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "owner" -> owner = json.string();
            case "quick" -> quick = Cycle.readFrom(json);
            case "full" -> full = Cycle.readFrom(json);
            case "logRetention" -> logs = LogRetention.readFrom(json);
            case "extendObjectLocks" -> extend = json.bool();
            case "listParallelism" -> parallelism = json.int32();
            default -> json.skip();
          }
        }
      }
      json.finish();
    }
    return new MaintenanceParams(owner, quick, full, logs, extend, parallelism);
  }
}
