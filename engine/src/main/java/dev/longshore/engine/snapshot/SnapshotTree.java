package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks into snapshots. Thread-safe.
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/objref.go`, `repofs.go`.
public final class SnapshotTree {
  /// How many directories deep trees are backed up, compared and restored: as many as a path on
  /// Linux can name. No more is backed up than can be restored; a hostile tree ends here.
  public static final int MAX_DEPTH = 2048;

  private static final int MAX_LINK_TARGET = 64 << 10;

  private final SnapshotCatalog catalog;
  private final ObjectReader objects;

  /// Looks into snapshots of these manifests, through these objects.
  public SnapshotTree(ManifestReader manifests, ObjectReader objects) {
    this.catalog = new SnapshotCatalog(manifests);
    this.objects = objects;
  }

  /// Looks into a repository's snapshots.
  public static SnapshotTree of(Repository repository) {
    return new SnapshotTree(repository.manifests(), repository.objects());
  }

  /// The entry that a user names: `ID` or `ID/sub/path`, where the id is of a manifest or an
  /// object.
  ///
  /// The root of a snapshot is returned as its manifest has it. An object that is no snapshot's
  /// root gets made-up metadata: a directory named `/` with mode 0555, or a file with mode 0644.
  ///
  /// @param consistent refuse an object id that is the root of several snapshots which disagree on
  ///   its metadata, rather than take the newest; of no meaning if a sub-path follows
  /// @throws dev.longshore.engine.error.NotFoundException if there is no such snapshot, object or
  ///   entry
  public DirEntry resolve(String reference, boolean consistent) throws RepositoryException {
    List<String> parts = Arrays.asList(reference.split("/", -1));
    String id = parts.getFirst();
    List<String> path = parts.subList(1, parts.size());
    Optional<DirEntry> root = rootOfManifest(id);
    if (root.isEmpty()) {
      ObjectId object =
          ObjectId.parse(id)
              .orElseThrow(() -> new NotFoundException("no snapshot or object has the id " + id));
      root = rootOfObject(object, consistent && path.isEmpty());
      if (root.isEmpty()) {
        root = Optional.of(madeUp(object));
      }
    }
    try {
      return nested(root.get(), path);
    } catch (NotFoundException e) {
      throw new NotFoundException(e.getMessage() + " in " + RawText.display(reference), e);
    }
  }

  /// The entry at a path of a source's snapshot: the newest snapshot of the path itself, or of the
  /// nearest directory above it that has any.
  ///
  /// @param source user, host and an absolute path
  /// @param atNanos the newest that started no later; `Long.MAX_VALUE` for the newest of all
  public Optional<DirEntry> resolveSource(SourceInfo source, long atNanos)
      throws RepositoryException {
    String above = source.path();
    while (!above.isEmpty()) {
      SourceInfo candidate = new SourceInfo(source.host(), source.userName(), above);
      List<SnapshotManifest> snapshots = catalog.of(candidate, Map.of()).snapshots();
      if (!snapshots.isEmpty()) {
        String rest = source.path().substring(above.length());
        return newestWith(snapshots, Arrays.asList(rest.split("/", -1)), atNanos);
      }
      int slash = above.lastIndexOf('/');
      above = above.equals("/") ? "" : slash == 0 ? "/" : above.substring(0, Math.max(0, slash));
    }
    return Optional.empty();
  }

  /// The root of a snapshot.
  ///
  /// @throws dev.longshore.engine.error.DamagedException if it has none
  public static DirEntry root(SnapshotManifest snapshot) throws RepositoryException {
    return snapshot
        .root()
        .orElseThrow(() ->
            new DamagedException(
                "snapshot " + snapshot.id().map(ManifestId::value).orElse("") + " has no root"));
  }

  /// Opens a directory. Its entries come as they are stored: see [#asKopiaReads].
  ///
  /// @throws dev.longshore.engine.error.DamagedException if the entry is no directory, or later if
  ///   its bytes are not one
  public DirectoryCursor open(DirEntry directory) throws RepositoryException {
    if (directory.type() != EntryType.DIRECTORY) {
      throw new DamagedException(
          "expected a directory, found " + directory.type() + " " + directory.objectId());
    }
    return StoredDirectory.open(objects, directory.objectId());
  }

  /// The entry of a directory that has just one; empty if it has none, or more.
  ///
  /// @throws DamagedException if it is no directory
  public static Optional<DirEntry> onlyEntry(ObjectReader objects, DirEntry directory)
      throws RepositoryException {
    try (DirectoryCursor entries = StoredDirectory.open(objects, directory.objectId())) {
      DirEntry first = entries.next();
      return first == null || entries.next() != null ? Optional.empty() : Optional.of(first);
    }
  }

  /// The entry with a name in a directory; empty if there is none.
  public Optional<DirEntry> child(DirEntry directory, String name) throws RepositoryException {
    try (DirectoryCursor cursor = open(directory)) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (entry.name().equals(name)) {
          return Optional.of(entry);
        }
      }
      return Optional.empty();
    }
  }

  /// The entry at a path below another; empty parts are passed over.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if a part is missing or no directory
  public DirEntry nested(DirEntry start, List<String> parts) throws RepositoryException {
    DirEntry current = start;
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.isEmpty()) {
        continue;
      }
      if (current.type() != EntryType.DIRECTORY) {
        throw new NotFoundException(
            "no entry " + RawText.display(part) + ": its parent is not a directory");
      }
      Optional<DirEntry> found = child(current, part);
      if (found.isEmpty()) {
        // The only file of a block device's snapshot is called by the device's whole path.
        found = child(current, "/" + String.join("/", parts.subList(i, parts.size())));
        i = parts.size();
      }
      current = found.orElseThrow(() -> new NotFoundException("no entry " + RawText.display(part)));
    }
    return current;
  }

  /// The target of a symbolic link, raw bytes.
  public byte[] linkTarget(DirEntry symlink) throws RepositoryException {
    return objects.readAll(symlink.objectId(), MAX_LINK_TARGET);
  }

  /// An entry of a directory as Kopia shows and restores it: a nested directory has the total size
  /// and the newest time of what is below it, in place of its own.
  public static DirEntry asKopiaReads(DirEntry entry) {
    DirSummary summary = entry.summaryOrNull();
    if (entry.type() != EntryType.DIRECTORY || summary == null) {
      return entry;
    }
    return new DirEntry(
        entry.name(),
        entry.type(),
        entry.mode(),
        summary.size(),
        summary.maxTimeNanos(),
        entry.uid(),
        entry.gid(),
        entry.objectId(),
        summary,
        entry.extra());
  }

  private Optional<DirEntry> rootOfManifest(String id) throws RepositoryException {
    if (!ManifestId.isValid(id)) {
      return Optional.empty();
    }
    Optional<SnapshotManifest> snapshot = catalog.load(new ManifestId(id));
    return snapshot.isPresent() ? Optional.of(root(snapshot.get())) : Optional.empty();
  }

  private Optional<DirEntry> rootOfObject(ObjectId id, boolean consistent)
      throws RepositoryException {
    List<DirEntry> roots =
        catalog.byRoot(id).stream().map(SnapshotManifest::rootOrNull).distinct().toList();
    if (consistent && roots.size() > 1) {
      throw new NotFoundException(
          "several snapshots have the root "
              + id
              + " with different attributes: name one by its manifest id");
    }
    return roots.isEmpty() ? Optional.empty() : Optional.of(roots.getLast());
  }

  /// An entry for an object that no snapshot names. Directories are told by their prefix and by
  /// being readable as such.
  private DirEntry madeUp(ObjectId id) throws RepositoryException {
    if (id.contentId().prefix() == EntryCollector.PREFIX) {
      DirEntry directory = new DirEntry("/", EntryType.DIRECTORY, 0555, 0, 0, 0, 0, id, null);
      try (DirectoryCursor cursor = open(directory)) {
        cursor.next();
        return directory;
      } catch (DamagedException e) {
        // Some other metadata.
      }
    }
    return new DirEntry("file", EntryType.FILE, 0644, objects.length(id), 0, 0, 0, id, null);
  }

  private Optional<DirEntry> newestWith(
      List<SnapshotManifest> snapshots, List<String> path, long atNanos)
      throws RepositoryException {
    for (SnapshotManifest snapshot : snapshots.reversed()) {
      if (snapshot.startNanos() <= atNanos && snapshot.root().isPresent()) {
        try {
          return Optional.of(nested(root(snapshot), path));
        } catch (NotFoundException e) {
          // Not in this one; an older one may have it.
        }
      }
    }
    return Optional.empty();
  }
}
