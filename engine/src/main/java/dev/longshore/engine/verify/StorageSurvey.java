package dev.longshore.engine.verify;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayDeque;
import java.util.Deque;

/// Counts what snapshots take in the repository, one after the other: each object and each content
/// for the first snapshot that has it. Directories and chunk lists are read, files are not.
///
/// Memory: some 40 bytes for each object and content. Not thread-safe.
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/snapshot_storage_stats.go`.
public final class StorageSurvey {
  private final SnapshotTree tree;
  private final ObjectReader objects;
  private final ContentReader contents;
  private final IdSet seenObjects = new IdSet();
  private final IdSet seenContents = new IdSet();

  private long objectBytes;
  private long originalContentBytes;
  private long packedContentBytes;
  private long fileObjects;
  private long dirObjects;
  private long contentCount;

  public StorageSurvey(Repository repository) {
    this.tree = SnapshotTree.of(repository);
    this.objects = repository.objects();
    this.contents = repository.contents();
  }

  /// Counts one more snapshot.
  ///
  /// @throws RepositoryException if something of it is missing or damaged
  public StorageStats add(SnapshotManifest snapshot) throws RepositoryException {
    StorageStats.Usage before = total();
    Deque<DirEntry> directories = new ArrayDeque<>();
    count(SnapshotTree.root(snapshot), directories);
    while (!directories.isEmpty()) {
      try (DirectoryCursor cursor = tree.open(directories.pop())) {
        for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
          count(entry, directories);
        }
      }
    }
    StorageStats.Usage after = total();
    return new StorageStats(after.minus(before), after);
  }

  private StorageStats.Usage total() {
    return new StorageStats.Usage(
        objectBytes,
        originalContentBytes,
        packedContentBytes,
        fileObjects,
        dirObjects,
        contentCount);
  }

  /// Counts an entry unless its object was counted before; a directory is then kept for later.
  private void count(DirEntry entry, Deque<DirEntry> directories) throws RepositoryException {
    ObjectId id = entry.objectId();
    if (!seenObjects.add(id.contentId(), id.indirection() << 1 | (id.compressed() ? 1 : 0))) {
      return;
    }
    boolean isDirectory = entry.type() == EntryType.DIRECTORY;
    if (isDirectory) {
      dirObjects++;
      directories.push(entry);
    } else {
      fileObjects++;
      objectBytes += entry.sizeBytes();
    }
    objects.forEachContent(id, content -> count(content, isDirectory));
  }

  private void count(ContentId id, boolean ofDirectory) throws RepositoryException {
    if (!seenContents.add(id, 0)) {
      return;
    }
    contentCount++;
    if (ofDirectory) {
      return;
    }
    IndexEntry entry =
        contents
            .find(id)
            .orElseThrow(() ->
                new NotFoundException("content " + id + ": expected an index entry, found none"));
    originalContentBytes += entry.originalLength();
    packedContentBytes += entry.packedLength();
  }
}
