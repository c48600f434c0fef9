package dev.longshore.format.manifest;

import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.RawText;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A manifest: a small JSON document under an id, found by its labels, or the note that it was
/// deleted.
///
/// Immutable but for `data`, which is not copied and must not be changed.
///
/// @param labels at least `type`; none for a deletion
/// @param modified when it was written; of two entries with one id the later holds
/// @param deleted this entry deletes the id
/// @param data the document as compact JSON; empty for a deletion
@SuppressWarnings("ArrayRecordComponent") // equality is by value, below
public record ManifestEntry(
    ManifestId id, Map<String, String> labels, Instant modified, boolean deleted, byte[] data) {
  public ManifestEntry {
    SortedMap<String, String> sorted = new TreeMap<>(RawText::compare);
    sorted.putAll(labels);
    labels = Collections.unmodifiableSortedMap(sorted);
  }

  /// The note that a manifest was deleted.
  public static ManifestEntry deletion(ManifestId id, Instant modified) {
    return new ManifestEntry(id, Map.of(), modified, true, new byte[0]);
  }

  /// Tells whether the entry has all of these labels with these values.
  public boolean matches(Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ManifestEntry entry
        && id.equals(entry.id)
        && labels.equals(entry.labels)
        && modified.equals(entry.modified)
        && deleted == entry.deleted
        && Arrays.equals(data, entry.data);
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + modified.hashCode();
  }

  @Override
  public String toString() {
    return "manifest " + id + " " + labels + (deleted ? " deleted" : "");
  }
}
