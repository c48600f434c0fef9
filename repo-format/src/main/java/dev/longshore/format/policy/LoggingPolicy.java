package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import org.jspecify.annotations.Nullable;

/// How much a snapshot tells about directories and entries: 0 nothing, 5 the usual, 10 all. Null is
/// unset.
///
/// Stored as
/// `{"directories":{"snapshotted","ignored"},"entries":{"snapshotted","ignored","cacheHit",
/// "cacheMiss"}}`, both objects always present.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/logging_policy.go`, `log_detail.go`.
public record LoggingPolicy(
    @Nullable Long dirSnapshotted,
    @Nullable Long dirIgnored,
    @Nullable Long entrySnapshotted,
    @Nullable Long entryIgnored,
    @Nullable Long entryCacheHit,
    @Nullable Long entryCacheMiss) {
  /// Nothing set.
  public static final LoggingPolicy UNSET = new LoggingPolicy(null, null, null, null, null, null);

  private static final JsonFields FIELDS = JsonFields.of("directories", "entries");
  private static final JsonFields LEVELS =
      JsonFields.of("snapshotted", "ignored", "cacheHit", "cacheMiss");

  /// The four levels of one of the two objects.
  private record Levels(
      @Nullable Long snapshotted,
      @Nullable Long ignored,
      @Nullable Long cacheHit,
      @Nullable Long cacheMiss) {
    static final Levels UNSET = new Levels(null, null, null, null);

    void writeTo(GoJsonWriter json) {
      json.beginObject()
          .fieldUnlessNull("snapshotted", snapshotted)
          .fieldUnlessNull("ignored", ignored)
          .fieldUnlessNull("cacheHit", cacheHit)
          .fieldUnlessNull("cacheMiss", cacheMiss)
          .endObject();
    }

    static Levels readFrom(JsonInput json) throws CorruptException {
      Long snapshotted = null;
      Long ignored = null;
      Long cacheHit = null;
      Long cacheMiss = null;
      if (json.beginObject()) {
        for (String name = json.nextField(LEVELS); name != null; name = json.nextField(LEVELS)) {
          switch (name) {
            case "snapshotted" -> snapshotted = json.optionalInt64();
            case "ignored" -> ignored = json.optionalInt64();
            case "cacheHit" -> cacheHit = json.optionalInt64();
            default -> cacheMiss = json.optionalInt64();
          }
        }
      }
      return new Levels(snapshotted, ignored, cacheHit, cacheMiss);
    }
  }

  void writeTo(GoJsonWriter json) {
    json.beginObject().name("directories");
    new Levels(dirSnapshotted, dirIgnored, null, null).writeTo(json);
    json.name("entries");
    new Levels(entrySnapshotted, entryIgnored, entryCacheHit, entryCacheMiss).writeTo(json);
    json.endObject();
  }

  static LoggingPolicy readFrom(JsonInput json) throws CorruptException {
    Levels directories = Levels.UNSET;
    Levels entries = Levels.UNSET;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        if (name.equals("directories")) {
          directories = Levels.readFrom(json);
        } else {
          entries = Levels.readFrom(json);
        }
      }
    }
    return new LoggingPolicy(
        directories.snapshotted,
        directories.ignored,
        entries.snapshotted,
        entries.ignored,
        entries.cacheHit,
        entries.cacheMiss);
  }
}
