package dev.longshore.engine.repair;

import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.PackWindow;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.manifest.ManifestEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How far a verification has come that is done in pieces: the document of the manifest with labels
/// `type=longshore-verification` and `of`.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `version` | integer | 1 |
/// | `started` | time | when the pass under way began; absent if none is |
/// | `after` | string | the last pack that was read in it |
/// | `runs`, `bytes`, `errors` | integer | of the pass so far |
/// | `ended` | time | when the last whole pass ended; absent if there was none |
/// | `endedRuns`, `endedBytes`, `endedErrors` | integer | of that pass |
///
/// A pass goes through the packs by name; each run reads at least one pack, so the number of runs
/// is bounded by the number of packs. What is written behind the place where the pass is, is for
/// the next pass. A state that is lost or damaged begins the pass again. ADR 21.
public record VerifyPass(
    long startedNanos,
    String after,
    long runs,
    long bytes,
    long errors,
    long endedNanos,
    long endedRuns,
    long endedBytes,
    long endedErrors) {
  /// No pass was ever made.
  public static final VerifyPass NONE = new VerifyPass(0, "", 0, 0, 0, 0, 0, 0, 0);

  private static final int VERSION = 1;
  private static final JsonFields FIELDS =
      JsonFields.of(
          "version",
          "started",
          "after",
          "runs",
          "bytes",
          "errors",
          "ended",
          "endedRuns",
          "endedBytes",
          "endedErrors");

  /// What is verified; each has a pass of its own.
  public enum Kind {
    /// All contents.
    CONTENTS("contents"),
    /// What snapshots need.
    SNAPSHOTS("snapshots");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    Map<String, String> labels() {
      return Map.of("type", "longshore-verification", "of", label);
    }
  }

  /// A piece of a pass.
  ///
  /// @param window packs to read
  /// @param bytes stored bytes of the contents in them
  /// @param isLast whether it ends the pass
  public record Slice(PackWindow window, long bytes, boolean isLast) {}

  /// The state of a repository.
  public static VerifyPass load(ManifestReader manifests, Kind kind) throws RepositoryException {
    List<ManifestEntry> found = manifests.find(kind.labels());
    return found.isEmpty() ? NONE : decode(found.getLast().data()).orElse(NONE);
  }

  /// Makes this the state of a repository.
  public void save(Repository repository, Kind kind) throws RepositoryException {
    repository.write(
        WriteOptions.forPurpose("verification"),
        writer -> writer.manifests().replace(kind.labels(), encode()));
  }

  /// The state before the first run of a new pass.
  public VerifyPass begun() {
    return new VerifyPass(0, "", 0, 0, 0, endedNanos, endedRuns, endedBytes, endedErrors);
  }

  /// What comes next. Memory: some 120 bytes for each pack.
  ///
  /// @param range contents that count
  /// @param maxBytes of stored contents to read; one pack is read in any case
  public Slice next(ContentReader contents, ContentRange range, long maxBytes)
      throws RepositoryException {
    SortedMap<BlobId, Long> packs = new TreeMap<>();
    PackWindow rest = new PackWindow(after, "");
    contents.forEach(
        range,
        entry -> {
          if (rest.includes(entry.packBlobId())) {
            packs.merge(entry.packBlobId(), (long) entry.packedLength(), Long::sum);
          }
        });
    long sum = 0;
    String last = "";
    for (Map.Entry<BlobId, Long> pack : packs.entrySet()) {
      if (!last.isEmpty() && sum + pack.getValue() > maxBytes) {
        return new Slice(new PackWindow(after, last), sum, false);
      }
      sum += pack.getValue();
      last = pack.getKey().value();
    }
    return new Slice(rest, sum, true);
  }

  /// The state after a slice was read.
  public VerifyPass after(Slice slice, long newErrors, long nowNanos) {
    long begin = startedNanos == 0 ? nowNanos : startedNanos;
    long allRuns = runs + 1;
    long allBytes = bytes + slice.bytes();
    long allErrors = errors + newErrors;
    return slice.isLast()
        ? new VerifyPass(0, "", 0, 0, 0, nowNanos, allRuns, allBytes, allErrors)
        : new VerifyPass(
            begin,
            slice.window().last(),
            allRuns,
            allBytes,
            allErrors,
            endedNanos,
            endedRuns,
            endedBytes,
            endedErrors);
  }

  byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject().field("version", VERSION);
    if (startedNanos != 0) {
      json.name("started").time(startedNanos);
    }
    json.field("after", after).field("runs", runs).field("bytes", bytes).field("errors", errors);
    if (endedNanos != 0) {
      json.name("ended").time(endedNanos);
    }
    return json.field("endedRuns", endedRuns)
        .field("endedBytes", endedBytes)
        .field("endedErrors", endedErrors)
        .endObject()
        .toByteArray();
  }

  /// Empty if the bytes are no state that this version understands.
  static Optional<VerifyPass> decode(byte[] data) {
    String after = "";
    long[] times = new long[2];
    long[] counts = new long[6];
    long version = 0;
    try (JsonInput json = JsonInput.of("state of a verification", data)) {
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "version" -> version = json.integer(0, Long.MAX_VALUE);
            case "started" -> times[0] = json.timeNanos();
            case "after" -> after = json.string();
            case "runs" -> counts[0] = json.integer(0, Long.MAX_VALUE);
            case "bytes" -> counts[1] = json.integer(0, Long.MAX_VALUE);
            case "errors" -> counts[2] = json.integer(0, Long.MAX_VALUE);
            case "ended" -> times[1] = json.timeNanos();
            case "endedRuns" -> counts[3] = json.integer(0, Long.MAX_VALUE);
            case "endedBytes" -> counts[4] = json.integer(0, Long.MAX_VALUE);
            default -> counts[5] = json.integer(0, Long.MAX_VALUE);
          }
        }
      }
      json.finish();
    } catch (CorruptException e) {
      return Optional.empty();
    }
    return version == VERSION
        ? Optional.of(
            new VerifyPass(
                times[0], after, counts[0], counts[1], counts[2], times[1], counts[3], counts[4],
                counts[5]))
        : Optional.empty();
  }
}
