package dev.longshore.engine.maintenance;

import dev.longshore.engine.concurrent.WorkStack;
import dev.longshore.engine.content.ContentMarks;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Finds the contents that snapshots need, complete or not: of each object in their trees, whatever
/// lies on the way to it. Directories and chunk lists are read once, files are not.
///
/// Takes a bit for each entry of the index, and some more where objects are indirect; and the
/// directories of a path.
final class UsedContents {
  private static final int MAX_INDIRECTION = 7;

  private final SnapshotTree tree;
  private final ObjectReader objects;
  private final ContentMarks used;
  private final MaintenanceListener listener;

  /// The objects that were looked at, by what makes two of the same content differ.
  private final Map<Integer, ContentMarks> seen = new ConcurrentHashMap<>();

  private final WorkStack<DirEntry> directories = new WorkStack<>(this::directory);
  private final AtomicReference<@Nullable RepositoryException> fault = new AtomicReference<>();
  private final LongAdder count = new LongAdder();

  private UsedContents(Repository repository, ContentMarks used, MaintenanceListener listener) {
    this.tree = SnapshotTree.of(repository);
    this.objects = repository.objects();
    this.used = used;
    this.listener = listener;
  }

  /// Marks what the repository's snapshots need.
  ///
  /// @param used where to mark it; empty
  /// @param parallel directories read at once
  /// @throws DamagedException if a snapshot cannot be read: nobody knows what it needs
  static void mark(
      Repository repository, ContentMarks used, int parallel, MaintenanceListener listener)
      throws RepositoryException {
    SnapshotCatalog.Listing all = new SnapshotCatalog(repository.manifests()).all();
    if (!all.unreadable().isEmpty()) {
      throw new DamagedException(
          "%d manifests of snapshots cannot be read (%s): nothing is marked deleted while it is not known what they need"
              .formatted(all.unreadable().size(), all.unreadable().getFirst()));
    }
    if (!repository.manifests().isComplete()) {
      throw new DamagedException(
          "some manifests cannot be read and are left out: nothing is marked deleted while it is"
              + " not known what they need");
    }
    new UsedContents(repository, used, listener).run(all.snapshots(), parallel);
  }

  private void run(List<SnapshotManifest> snapshots, int parallel) throws RepositoryException {
    List<DirEntry> roots = new ArrayList<>();
    for (SnapshotManifest snapshot : snapshots) {
      entry(SnapshotTree.root(snapshot), roots);
    }
    directories.add(roots);
    try {
      directories.run("snapshot-gc", parallel);
    } catch (InterruptedException e) {
      throw Faults.interrupted("snapshot gc", e);
    }
    RepositoryException first = fault.get();
    if (first != null) {
      throw first;
    }
    listener.progress("objects in use", count.sum(), 0);
  }

  private void directory(DirEntry directory) {
    if (fault.get() != null) {
      return;
    }
    List<DirEntry> below = new ArrayList<>();
    try (DirectoryCursor cursor = tree.open(directory)) {
      int entries = 0;
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        entry(entry, below);
        entries++;
      }
      directories.add(below);
      count.add(entries);
      listener.progress("objects in use", count.sum(), 0);
    } catch (RepositoryException e) {
      fault.compareAndSet(null, e);
    }
  }

  /// Marks what an entry needs, unless its object was looked at before; a directory is then kept
  /// for later.
  private void entry(DirEntry entry, List<DirEntry> below) throws RepositoryException {
    ObjectId id = entry.objectId();
    switch (entry.type()) {
      case DIRECTORY -> {
        if (isNew(id)) {
          objects.forEachContent(id, used::mark);
          below.add(entry);
        }
      }
      case FILE, SYMLINK -> {
        if (!id.isIndirect()) {
          used.mark(id.contentId());
        } else if (isNew(id)) {
          objects.forEachContent(id, used::mark);
        }
      }
      case UNKNOWN ->
          throw new DamagedException(
              "object " + id + " is of a type that this version does not know");
    }
  }

  private boolean isNew(ObjectId id) throws RepositoryException {
    if (id.indirection() > MAX_INDIRECTION) {
      throw new DamagedException("object " + id + ": " + id.indirection() + " chunk lists deep");
    }
    int variant = id.indirection() << 1 | (id.compressed() ? 1 : 0);
    return seen.computeIfAbsent(variant, _ -> used.another()).mark(id.contentId());
  }
}
