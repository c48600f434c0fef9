package dev.longshore.format.snapshot;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A snapshot: the document of a manifest with label `type=snapshot`.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `id` | string | always "": the manifest's id is not known when it is written |
/// | `source` | [SourceInfo] | |
/// | `description` | string | |
/// | `startTime`, `endTime` | time | |
/// | `stats` | [SnapshotStats] | |
/// | `incomplete` | string | absent for a whole snapshot |
/// | `rootEntry` | [DirEntry] or `null` | |
/// | `tags` | object of strings | absent if none; also labels of the manifest |
/// | `pins` | array of strings | absent if none; a pinned snapshot does not expire |
///
/// The manifest's labels are `type`, `hostname`, `username`, `path` and all tags. A field
/// `storageStats`, which Kopia computes for listings, is skipped.
///
/// Source: kopia 4ebb2be6c `snapshot/manifest.go`, `snapshot/manager.go`; all versions.
///
/// @param idOrNull the manifest's id, null before it has one
/// @param startNanos nanoseconds since 1970
/// @param endNanos nanoseconds since 1970
/// @param incomplete [#CHECKPOINT], [#CANCELED], [#LIMIT_REACHED], other text, or "" for a whole
///   snapshot
/// @param rootOrNull the root; null in a manifest without one
/// @param tags sorted by key
/// @param pins sorted
public record SnapshotManifest(
    @Nullable ManifestId idOrNull,
    SourceInfo source,
    String description,
    long startNanos,
    long endNanos,
    SnapshotStats stats,
    String incomplete,
    @Nullable DirEntry rootOrNull,
    Map<String, String> tags,
    List<String> pins) {
  /// The value of the label `type`.
  public static final String TYPE = "snapshot";

  /// Labels of the manifest.
  public static final String TYPE_LABEL = "type";

  public static final String HOST_LABEL = "hostname";
  public static final String USER_LABEL = "username";
  public static final String PATH_LABEL = "path";

  /// Reasons for being incomplete.
  public static final String CHECKPOINT = "checkpoint";

  public static final String CANCELED = "canceled";
  public static final String LIMIT_REACHED = "limit reached";

  private static final String WHAT = "snapshot manifest";
  private static final JsonFields FIELDS =
      JsonFields.of(
          "source",
          "description",
          "startTime",
          "endTime",
          "stats",
          "incomplete",
          "rootEntry",
          "tags",
          "pins");

  public SnapshotManifest {
    SortedMap<String, String> sorted = new TreeMap<>(RawText::compare);
    sorted.putAll(tags);
    tags = Collections.unmodifiableSortedMap(sorted);
    pins = pins.stream().sorted(RawText::compare).distinct().toList();
  }

  /// The manifest's id, if it was read from one.
  public Optional<ManifestId> id() {
    return Optional.ofNullable(idOrNull);
  }

  /// The root entry, if there is one.
  public Optional<DirEntry> root() {
    return Optional.ofNullable(rootOrNull);
  }

  /// Tells whether all of the source was reached.
  public boolean isComplete() {
    return incomplete.isEmpty();
  }

  /// The same snapshot under an id.
  public SnapshotManifest withId(ManifestId id) {
    return new SnapshotManifest(
        id, source, description, startNanos, endNanos, stats, incomplete, rootOrNull, tags, pins);
  }

  /// The same snapshot with other pins.
  public SnapshotManifest withPins(List<String> newPins) {
    return new SnapshotManifest(
        idOrNull,
        source,
        description,
        startNanos,
        endNanos,
        stats,
        incomplete,
        rootOrNull,
        tags,
        newPins);
  }

  /// The same snapshot with another root.
  public SnapshotManifest withRoot(DirEntry newRoot) {
    return new SnapshotManifest(
        idOrNull,
        source,
        description,
        startNanos,
        endNanos,
        stats,
        incomplete,
        newRoot,
        tags,
        pins);
  }

  /// The same snapshot with another description.
  public SnapshotManifest withDescription(String newDescription) {
    return new SnapshotManifest(
        idOrNull,
        source,
        newDescription,
        startNanos,
        endNanos,
        stats,
        incomplete,
        rootOrNull,
        tags,
        pins);
  }

  /// The labels by which the snapshots of a source are found; parts that are empty are not asked
  /// for.
  public static Map<String, String> labelsOf(SourceInfo source) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put(TYPE_LABEL, TYPE);
    if (!source.host().isEmpty()) {
      labels.put(HOST_LABEL, source.host());
    }
    if (!source.userName().isEmpty()) {
      labels.put(USER_LABEL, source.userName());
    }
    if (!source.path().isEmpty()) {
      labels.put(PATH_LABEL, source.path());
    }
    return labels;
  }

  /// The labels of this snapshot's manifest.
  ///
  /// @throws IllegalArgumentException if a part of the source is empty, or a tag would hide a label
  public Map<String, String> labels() {
    if (source.host().isEmpty() || source.userName().isEmpty() || source.path().isEmpty()) {
      throw new IllegalArgumentException(
          "a snapshot's source needs host, user and path: " + source);
    }
    Map<String, String> labels = labelsOf(source);
    tags.forEach((key, value) -> {
      if (labels.putIfAbsent(key, value) != null) {
        throw new IllegalArgumentException("tag " + key + " would hide a label");
      }
    });
    return labels;
  }

  /// The manifest's document.
  public byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject();
    writeFields(json, "", true, _ -> {});
    json.endObject();
    return json.toByteArray();
  }

  /// Writes the document's fields into an open object.
  ///
  /// @param id to be shown; listings have the real one
  /// @param withStats writes the field `stats` too
  /// @param beforePins writes what a listing adds there: Kopia's place for `storageStats`
  public void writeFields(
      GoJsonWriter json, String id, boolean withStats, Consumer<GoJsonWriter> beforePins) {
    json.field("id", id);
    source.writeTo(json.name("source"));
    json.field("description", description).name("startTime").time(startNanos);
    json.name("endTime").time(endNanos);
    if (withStats) {
      stats.writeTo(json.name("stats"));
    }
    json.fieldUnlessEmpty("incomplete", incomplete).name("rootEntry");
    if (rootOrNull == null) {
      json.nullValue();
    } else {
      rootOrNull.writeTo(json);
    }
    if (!tags.isEmpty()) {
      json.name("tags").beginObject();
      tags.forEach(json::field);
      json.endObject();
    }
    beforePins.accept(json);
    json.fieldUnlessEmpty("pins", pins);
  }

  /// Reads a manifest's document.
  ///
  /// @param id the manifest's id
  /// @throws CorruptException if it is not a snapshot
  public static SnapshotManifest decode(ManifestId id, byte[] data) throws CorruptException {
    try (JsonInput json = JsonInput.of(WHAT, data)) {
      SnapshotManifest manifest = read(id, json);
      json.finish();
      return manifest;
    }
  }

  private static SnapshotManifest read(ManifestId id, JsonInput json) throws CorruptException {
    SourceInfo source = SourceInfo.GLOBAL;
    String description = "";
    long start = 0;
    long end = 0;
    SnapshotStats stats = SnapshotStats.NONE;
    String incomplete = "";
    DirEntry root = null;
    Map<String, String> tags = Map.of();
    List<String> pins = List.of();
    if (!json.beginObject()) {
      throw json.corrupt("expected an object, found nothing");
    }
    for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
      switch (name) {
        case "source" -> source = SourceInfo.readFrom(json);
        case "description" -> description = json.string();
        case "startTime" -> start = json.timeNanos();
        case "endTime" -> end = json.timeNanos();
        case "stats" -> stats = SnapshotStats.readFrom(json);
        case "incomplete" -> incomplete = json.string();
        case "rootEntry" -> root = json.isNull() ? null : DirEntry.readFrom(json);
        case "tags" -> tags = json.stringMap();
        case "pins" -> pins = json.strings();
        default -> json.skip();
      }
    }
    return new SnapshotManifest(
        id, source, description, start, end, stats, incomplete, root, tags, pins);
  }
}
