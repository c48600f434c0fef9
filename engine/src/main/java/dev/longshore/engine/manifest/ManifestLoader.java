package dev.longshore.engine.manifest;

import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Reads the contents with prefix `m` and merges the manifests in them.
///
/// Contents never change, so what was read once is kept, for the repository and all its sessions.
/// Thread-safe.
///
/// Source: kopia 4ebb2be6c `repo/manifest/committed_manifest_manager.go`.
final class ManifestLoader {
  /// The prefix of manifest contents.
  static final char PREFIX = 'm';

  private static final int ATTEMPTS = 5;

  private final boolean ignoreMalformed;
  private final Consumer<String> warnings;
  private Map<ContentId, List<ManifestEntry>> read = Map.of();
  private Manifests merged = new Manifests(new TreeSet<>(), Map.of(), List.of(), true);
  private boolean complete = true;

  ManifestLoader(boolean ignoreMalformed, Consumer<String> warnings) {
    this.ignoreMalformed = ignoreMalformed;
    this.warnings = warnings;
  }

  /// The manifests in force in these contents.
  ///
  /// @throws DamagedException if a content cannot be read as manifests
  synchronized Manifests load(ContentReader contents) throws RepositoryException {
    for (int attempt = 1; ; attempt++) {
      SortedSet<ContentId> listed = new TreeSet<>();
      contents.forEach(ContentRange.ofPrefix(PREFIX), entry -> listed.add(entry.contentId()));
      if (listed.equals(merged.contents())) {
        return merged;
      }
      try {
        read(contents, listed);
        Map<ManifestId, ManifestEntry> entries = ManifestContent.mergeAll(read.values());
        List<ManifestEntry> deletions =
            entries.values().stream().filter(ManifestEntry::deleted).toList();
        deletions.forEach(deletion -> entries.remove(deletion.id()));
        merged = new Manifests(listed, entries, deletions, complete);
        return merged;
      } catch (NotFoundException e) {
        // Somebody has compacted the manifests and the pack with the old ones is gone.
        if (attempt == ATTEMPTS) {
          throw e;
        }
        contents.refresh();
      }
    }
  }

  private void read(ContentReader contents, SortedSet<ContentId> listed)
      throws RepositoryException {
    // Sorted, so that of two entries of the same time always the same one holds.
    Map<ContentId, List<ManifestEntry>> found = new TreeMap<>();
    for (ContentId id : listed) {
      List<ManifestEntry> known = read.get(id);
      found.put(id, known == null ? read(contents, id) : known);
    }
    read = found;
  }

  private List<ManifestEntry> read(ContentReader contents, ContentId id)
      throws RepositoryException {
    try {
      return ManifestContent.decode(contents.read(id));
    } catch (CorruptException e) {
      return ignore(new DamagedException("manifest content " + id + ": " + e.getMessage(), e));
    } catch (DamagedException e) {
      return ignore(e);
    }
  }

  private List<ManifestEntry> ignore(DamagedException fault) throws DamagedException {
    if (!ignoreMalformed) {
      throw fault;
    }
    complete = false;
    warnings.accept("manifests left out: " + fault.getMessage());
    return List.of();
  }

  /// What was loaded.
  ///
  /// @param contents where from
  /// @param entries the manifests in force
  /// @param deletions of others that hold
  /// @param complete no content was left out
  record Manifests(
      SortedSet<ContentId> contents,
      Map<ManifestId, ManifestEntry> entries,
      List<ManifestEntry> deletions,
      boolean complete) {}
}
