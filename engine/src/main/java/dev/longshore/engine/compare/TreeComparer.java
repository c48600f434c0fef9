package dev.longshore.engine.compare;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compares two trees of one repository by what their directories say; trees that are the same
/// object are not gone into. Kopia's `diff`.
///
/// Holds the names that only one of two directories has. A file's `modified` counts twice if
/// attributes and content changed, as in Kopia. Not thread-safe.
///
/// Source: kopia 4ebb2be6c `internal/diff/diff.go`.
public final class TreeComparer {

  private final ObjectReader objects;
  private @Nullable Visitor visitor;
  private Counts files = new Counts();
  private Counts directories = new Counts();

  /// Compares in a repository.
  public TreeComparer(Repository repository) {
    this(repository.objects());
  }

  TreeComparer(ObjectReader objects) {
    this.objects = objects;
  }

  /// Receives differences as they are found.
  @FunctionalInterface
  public interface Visitor {
    void visit(Difference difference) throws IOException;
  }

  /// Counts for one kind of entry; see [DifferenceStats.Kind].
  private static final class Counts {
    long added;
    long removed;
    long modified;
    long metadataOnly;
    long modeOnly;
    long timeOnly;
    long ownerOnly;
    long groupOnly;

    DifferenceStats.Kind result() {
      return new DifferenceStats.Kind(
          added, removed, modified, metadataOnly, modeOnly, timeOnly, ownerOnly, groupOnly);
    }
  }

  /// Compares two directories, and tells the visitor of every difference.
  ///
  /// @throws IllegalArgumentException unless both are directories
  /// @throws IOException if a directory cannot be read, or the visitor fails
  public DifferenceStats compare(DirEntry oldRoot, DirEntry newRoot, Visitor differences)
      throws IOException {
    if (oldRoot.type() != EntryType.DIRECTORY || newRoot.type() != EntryType.DIRECTORY) {
      throw new IllegalArgumentException("both must be directories");
    }
    visitor = differences;
    files = new Counts();
    directories = new Counts();
    compare(oldRoot, newRoot, ".", 0);
    return new DifferenceStats(files.result(), directories.result());
  }

  private void tell(Difference difference) throws IOException {
    if (visitor != null) {
      visitor.visit(difference);
    }
  }

  private void compare(
      @Nullable DirEntry oldEntry, @Nullable DirEntry newEntry, String path, int depth)
      throws IOException {
    if (oldEntry != null && newEntry != null) {
      compareBoth(oldEntry, newEntry, path, depth);
    } else if (newEntry != null) {
      added(newEntry, path, depth);
    } else if (oldEntry != null) {
      removed(oldEntry, path, depth);
    }
  }

  private void added(DirEntry entry, String path, int depth) throws IOException {
    if (entry.type() == EntryType.DIRECTORY) {
      tell(new Difference.DirectoryAdded(path));
      directories.added++;
      compareDirectories(null, entry.objectId(), path, depth);
    } else {
      tell(new Difference.FileAdded(path, entry));
      files.added++;
    }
  }

  private void removed(DirEntry entry, String path, int depth) throws IOException {
    if (entry.type() == EntryType.DIRECTORY) {
      tell(new Difference.DirectoryRemoved(path));
      directories.removed++;
      compareDirectories(entry.objectId(), null, path, depth);
    } else {
      tell(new Difference.FileRemoved(path, entry));
      files.removed++;
    }
  }

  private void compareBoth(DirEntry oldEntry, DirEntry newEntry, String path, int depth)
      throws IOException {
    boolean wasDirectory = oldEntry.type() == EntryType.DIRECTORY;
    boolean isDirectory = newEntry.type() == EntryType.DIRECTORY;
    if (extraDiffers(oldEntry.extra(), newEntry.extra())) {
      tell(new Difference.ExtraChanged(path, oldEntry.extra(), newEntry.extra()));
    }
    if (oldEntry.objectId().equals(newEntry.objectId())) {
      countMetadata(oldEntry, newEntry, wasDirectory ? directories : files);
      return;
    }
    if (tellMetadata(oldEntry, newEntry, path)) {
      (wasDirectory && isDirectory ? directories : files).modified++;
    }
    if (wasDirectory && isDirectory) {
      compareDirectories(oldEntry.objectId(), newEntry.objectId(), path, depth);
    } else if (wasDirectory) {
      tell(new Difference.DirectoryBecameOther(path));
    } else if (isDirectory) {
      tell(new Difference.OtherBecameDirectory(path));
    } else if (oldEntry.type() == EntryType.FILE && newEntry.type() == EntryType.FILE) {
      tell(new Difference.ContentChanged(path, oldEntry, newEntry));
      files.modified++;
    }
  }

  private static void countMetadata(DirEntry oldEntry, DirEntry newEntry, Counts counts) {
    boolean mode = modeDiffers(oldEntry, newEntry);
    boolean time = oldEntry.mtimeNanos() != newEntry.mtimeNanos();
    boolean owner = oldEntry.uid() != newEntry.uid();
    boolean group = oldEntry.gid() != newEntry.gid();
    counts.modeOnly += mode ? 1 : 0;
    counts.timeOnly += time ? 1 : 0;
    counts.ownerOnly += owner ? 1 : 0;
    counts.groupOnly += group ? 1 : 0;
    counts.metadataOnly += mode || time || owner || group ? 1 : 0;
  }

  /// The number that a file's names have in common is another in each copy of a tree.
  private static boolean extraDiffers(ExtraMetadata left, ExtraMetadata right) {
    return !left.attributes().equals(right.attributes())
        || !left.attributesObject().equals(right.attributesObject())
        || left.sparse() != right.sparse()
        || (left.inode() == 0) != (right.inode() == 0);
  }

  private static boolean modeDiffers(DirEntry oldEntry, DirEntry newEntry) {
    return oldEntry.mode() != newEntry.mode() || oldEntry.type() != newEntry.type();
  }

  private boolean tellMetadata(DirEntry oldEntry, DirEntry newEntry, String path)
      throws IOException {
    boolean changed = false;
    if (modeDiffers(oldEntry, newEntry)) {
      tell(new Difference.ModeChanged(path, oldEntry, newEntry));
      changed = true;
    }
    if (oldEntry.sizeBytes() != newEntry.sizeBytes()) {
      tell(new Difference.SizeChanged(path, oldEntry.sizeBytes(), newEntry.sizeBytes()));
      changed = true;
    }
    if (oldEntry.mtimeNanos() != newEntry.mtimeNanos()) {
      tell(new Difference.TimeChanged(path, oldEntry.mtimeNanos(), newEntry.mtimeNanos()));
      changed = true;
    }
    if (oldEntry.uid() != newEntry.uid()) {
      tell(new Difference.OwnerChanged(path, oldEntry.uid(), newEntry.uid()));
      changed = true;
    }
    if (oldEntry.gid() != newEntry.gid()) {
      tell(new Difference.GroupChanged(path, oldEntry.gid(), newEntry.gid()));
      changed = true;
    }
    return changed;
  }

  /// Joins two listings in Kopia's order. What has no partner there may have one of another kind,
  /// which is listed elsewhere: those are held to the end.
  private void compareDirectories(
      @Nullable ObjectId oldId, @Nullable ObjectId newId, String path, int depth)
      throws IOException {
    if (depth > SnapshotTree.MAX_DEPTH) {
      throw new DamagedException(path + ": deeper than " + SnapshotTree.MAX_DEPTH + " directories");
    }
    Map<String, DirEntry> oldOnly = new LinkedHashMap<>();
    Map<String, DirEntry> newOnly = new LinkedHashMap<>();
    try (Listing olds = new Listing(oldId);
        Listing news = new Listing(newId)) {
      DirEntry oldEntry = olds.next();
      DirEntry newEntry = news.next();
      while (oldEntry != null || newEntry != null) {
        int order =
            oldEntry == null
                ? 1
                : newEntry == null ? -1 : DirEntry.ORDER.compare(oldEntry, newEntry);
        if (order == 0 && oldEntry != null && newEntry != null) {
          compareBoth(oldEntry, newEntry, path + "/" + newEntry.name(), depth + 1);
        } else if (order < 0 && oldEntry != null) {
          oldOnly.put(oldEntry.name(), oldEntry);
        } else if (newEntry != null) {
          newOnly.put(newEntry.name(), newEntry);
        }
        oldEntry = order <= 0 ? olds.next() : oldEntry;
        newEntry = order >= 0 ? news.next() : newEntry;
      }
    }
    for (Map.Entry<String, DirEntry> entry : newOnly.entrySet()) {
      String name = entry.getKey();
      compare(oldOnly.remove(name), entry.getValue(), path + "/" + name, depth + 1);
    }
    for (Map.Entry<String, DirEntry> entry : oldOnly.entrySet()) {
      compare(entry.getValue(), null, path + "/" + entry.getKey(), depth + 1);
    }
  }

  /// The entries of a directory as Kopia reads them; none of no directory.
  private final class Listing implements AutoCloseable {
    private final InputStream in;
    private final @Nullable DirectoryReader reader;

    Listing(@Nullable ObjectId id) throws IOException {
      in = id == null ? InputStream.nullInputStream() : objects.open(id);
      reader = id == null ? null : new DirectoryReader(in);
    }

    @Nullable DirEntry next() throws IOException {
      DirEntry entry = reader == null ? null : reader.next();
      return entry == null ? null : SnapshotTree.asKopiaReads(entry);
    }

    @Override
    public void close() throws IOException {
      if (reader != null) {
        reader.close();
      }
      in.close();
    }
  }
}
