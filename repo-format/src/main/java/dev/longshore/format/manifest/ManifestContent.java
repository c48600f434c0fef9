package dev.longshore.format.manifest;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The bytes of a content with prefix `m`: manifests that were written together.
///
/// A gzip stream of `{"entries":[...]}` and a line feed; each entry:
///
/// | field | type | meaning |
/// |---|---|---|
/// | `id` | string | [ManifestId] |
/// | `labels` | object of strings, `null` for a deletion | sorted by key |
/// | `modified` | time | nanoseconds |
/// | `deleted` | boolean | absent if false |
/// | `data` | any JSON, `null` for a deletion | the document |
///
/// Source: kopia 4ebb2be6c `repo/manifest/serialized.go`, `committed_manifest_manager.go`; all
/// versions.
public final class ManifestContent {
  /// How many bytes a content may unpack to by default: room for some hundred thousand manifests.
  public static final int MAX_BYTES = 256 << 20;

  private static final String WHAT = "manifest content";
  private static final JsonFields DOCUMENT = JsonFields.of("entries");
  private static final JsonFields ENTRY =
      JsonFields.of("id", "labels", "modified", "deleted", "data");

  private ManifestContent() {}

  /// The stored bytes of some manifests.
  ///
  /// @throws IllegalArgumentException if there are none
  public static byte[] encode(Collection<ManifestEntry> entries) {
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("a manifest content without manifests");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      GoJsonWriter json = new GoJsonWriter();
      json.beginObject().name("entries").beginArray();
      for (ManifestEntry entry : entries) {
        write(json, entry);
        json.drainTo(gzip);
      }
      json.endArray().endObject().newline().drainTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return out.toByteArray();
  }

  private static void write(GoJsonWriter json, ManifestEntry entry) {
    json.beginObject().field("id", entry.id().value()).name("labels");
    if (entry.labels().isEmpty()) {
      json.nullValue();
    } else {
      json.beginObject();
      entry.labels().forEach(json::field);
      json.endObject();
    }
    json.field("modified", GoTime.format(entry.modified()));
    json.fieldIfTrue("deleted", entry.deleted()).name("data");
    if (entry.data().length == 0) {
      json.nullValue();
    } else {
      json.raw(entry.data());
    }
    json.endObject();
  }

  /// Reads the stored bytes, unpacking at most [#MAX_BYTES].
  ///
  /// @throws CorruptException if they are not a manifest content, or a larger one
  public static List<ManifestEntry> decode(byte[] bytes) throws CorruptException {
    return decode(bytes, MAX_BYTES);
  }

  /// As [#decode(byte[])], with another limit.
  public static List<ManifestEntry> decode(byte[] bytes, int maxBytes) throws CorruptException {
    List<ManifestEntry> entries = new ArrayList<>();
    boolean listed = false;
    try (JsonInput json = JsonInput.of(WHAT, unpack(bytes, maxBytes))) {
      if (!json.beginObject()) {
        throw json.corrupt("expected an object, found nothing");
      }
      while (json.nextField(DOCUMENT) != null) {
        if (listed) {
          throw json.corrupt("found twice");
        }
        listed = true;
        if (json.beginArray()) {
          while (json.nextElement()) {
            entries.add(read(json));
          }
        }
      }
      json.finish();
    }
    return entries;
  }

  private static byte[] unpack(byte[] bytes, int maxBytes) throws CorruptException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] plain = gzip.readNBytes(maxBytes);
      if (gzip.read() >= 0) {
        throw new CorruptException(WHAT, -1, "unpacks to more than " + maxBytes + " bytes");
      }
      return plain;
    } catch (CorruptException e) {
      throw e;
    } catch (IOException e) {
      throw new CorruptException(WHAT, "not a whole gzip stream", e);
    }
  }

  private static ManifestEntry read(JsonInput json) throws CorruptException {
    String id = "";
    Map<String, String> labels = Map.of();
    Instant modified = GoTime.ZERO;
    boolean deleted = false;
    byte[] data = new byte[0];
    if (!json.beginObject()) {
      throw json.corrupt("expected a manifest, found nothing");
    }
    for (String name = json.nextField(ENTRY); name != null; name = json.nextField(ENTRY)) {
      switch (name) {
        case "id" -> id = json.string();
        case "labels" -> labels = json.stringMap();
        case "modified" -> modified = json.instant();
        case "deleted" -> deleted = json.bool();
        case "data" -> data = json.isNull() ? new byte[0] : json.raw();
        default -> json.skip();
      }
    }
    try {
      return new ManifestEntry(new ManifestId(id), labels, modified, deleted, data);
    } catch (IllegalArgumentException e) {
      throw json.corrupt("the manifest has no valid id");
    }
  }

  /// Lays contents over each other: of entries with one id the one modified last holds (the first
  /// met, if at the same time), and where that is a deletion, nothing does.
  ///
  /// @return the manifests in force, by id
  public static Map<ManifestId, ManifestEntry> merge(
      Iterable<? extends Iterable<ManifestEntry>> contents) {
    Map<ManifestId, ManifestEntry> merged = mergeAll(contents);
    merged.values().removeIf(ManifestEntry::deleted);
    return merged;
  }

  /// As above, with the deletions that hold.
  public static Map<ManifestId, ManifestEntry> mergeAll(
      Iterable<? extends Iterable<ManifestEntry>> contents) {
    Map<ManifestId, ManifestEntry> merged = new HashMap<>();
    for (Iterable<ManifestEntry> content : contents) {
      for (ManifestEntry entry : content) {
        ManifestEntry known = merged.get(entry.id());
        if (known == null || entry.modified().isAfter(known.modified())) {
          merged.put(entry.id(), entry);
        }
      }
    }
    return merged;
  }
}
