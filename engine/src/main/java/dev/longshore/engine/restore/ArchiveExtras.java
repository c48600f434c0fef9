package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.Attribute;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What entries have beside their bytes, on its way into an archive: which attributes it is to
/// hold, and which name of a file came first. One thread only.
///
/// Memory as [HardLinks].
final class ArchiveExtras {
  private final ObjectReader objects;
  private final RestoreOptions options;
  private final RestoreTally tally;
  private final int limit = HardLinks.limit();
  private final Map<HardLinks.Key, First> files = new HashMap<>();

  ArchiveExtras(ObjectReader objects, RestoreOptions options, RestoreTally tally) {
    this.objects = objects;
    this.options = options;
    this.tally = tally;
  }

  private record First(String path, DirEntry entry) {}

  /// The attributes that an archive is to hold; tells of those that cannot be read.
  List<Attribute> attributes(String path, DirEntry entry) {
    if (!options.attributes().kept() || !entry.extra().hasAttributes()) {
      return List.of();
    }
    List<Attribute> kept = new ArrayList<>();
    try {
      for (Attribute attribute : ExtraAttributes.load(objects, entry).list()) {
        AttributeKind kind = AttributeKind.of(attribute.name());
        if (kind.isKept(options.attributes())) {
          kept.add(attribute);
        } else if (!kind.isMadeAnew()) {
          String name = RawText.display(attribute.name());
          lost(path, "attribute " + name + " is of a kind that is not restored");
        }
      }
    } catch (RepositoryException | CorruptException e) {
      lost(path, "its attributes cannot be read: " + e.getMessage());
    }
    return kept;
  }

  /// Tells of attributes that do not come into the archive.
  void lost(String path, String message) {
    tally.metadataFailed(() -> path, RestoreIssue.Kind.ATTRIBUTES, message, options.attributes());
  }

  /// Another name of a file, which the archive holds.
  Optional<String> first(DirEntry entry) {
    if (!isLinked(entry)) {
      return Optional.empty();
    }
    First first = files.get(HardLinks.Key.of(entry));
    return first != null && HardLinks.isSame(first.entry, entry)
        ? Optional.of(first.path)
        : Optional.empty();
  }

  /// Remembers a file that the archive holds whole.
  void written(String path, DirEntry entry) {
    if (isLinked(entry) && files.size() < limit) {
      files.putIfAbsent(HardLinks.Key.of(entry), new First(path, entry));
    }
  }

  /// Tells of a name that becomes a file of its own.
  void unlinked(String path) {
    tally.metadataFailed(
        () -> path,
        RestoreIssue.Kind.LINK,
        "a file of its own: such an archive has no links",
        options.attributes());
  }

  private boolean isLinked(DirEntry entry) {
    return options.attributes().kept() && entry.extra().inode() != 0;
  }
}
