package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceStream;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The same directory in earlier snapshots, read alongside the source.
///
/// Both are sorted alike, so each earlier directory is read once, forwards, and never held. One
/// that cannot be read, or is sorted otherwise, costs only that its files are read again. One
/// thread.
///
/// Source: kopia 4ebb2be6c `snapshot/upload/upload.go` (`findCachedEntry`, `metadataEquals`).
final class PreviousEntries implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PreviousEntries.class.getName());

  private final List<Stream> streams = new ArrayList<>();

  /// @param directories the newest first; those with the same object count once
  PreviousEntries(ObjectReader objects, List<ObjectId> directories) {
    Set<ObjectId> seen = new HashSet<>();
    for (ObjectId directory : directories) {
      if (seen.add(directory)) {
        streams.add(new Stream(objects, directory));
      }
    }
  }

  /// The directories that a directory of this name was. Names must be asked for in order.
  List<ObjectId> directories(String name) {
    List<ObjectId> found = new ArrayList<>();
    for (Stream stream : streams) {
      DirEntry entry = stream.find(true, name);
      if (entry != null) {
        found.add(entry.objectId());
      }
    }
    return found;
  }

  /// What a file, symbolic link or stream was, if it is unchanged since. Names must be asked for in
  /// order, after all directories.
  Optional<DirEntry> unchanged(SourceEntry entry) {
    DirEntry match = null;
    for (Stream stream : streams) {
      DirEntry was = stream.find(false, entry.name());
      if (match == null && was != null && isUnchanged(entry, was)) {
        match = was;
      }
    }
    return Optional.ofNullable(match);
  }

  private static boolean isUnchanged(SourceEntry entry, DirEntry was) {
    FileStatus status = entry.status();
    EntryType type = entry instanceof SourceSymlink ? EntryType.SYMLINK : EntryType.FILE;
    return was.type() == type
        && was.mtimeNanos() == status.mtimeEpochNanos()
        && was.mode() == GoFileMode.ofUnix(status.mode())
        && was.uid() == Integer.toUnsignedLong(status.uid())
        && was.gid() == Integer.toUnsignedLong(status.gid())
        && (entry instanceof SourceStream || was.sizeBytes() == status.sizeBytes());
  }

  @Override
  public void close() {
    streams.forEach(Stream::close);
  }

  /// One earlier directory, and the entry it is at.
  private static final class Stream {
    private final ObjectReader objects;
    private final ObjectId id;
    private @Nullable StoredDirectory directory;
    private @Nullable DirEntry current;
    private boolean ended;

    Stream(ObjectReader objects, ObjectId id) {
      this.objects = objects;
      this.id = id;
    }

    @Nullable DirEntry find(boolean isDirectory, String name) {
      try {
        while (!ended) {
          DirEntry at = current == null ? advance() : current;
          if (at == null) {
            return null;
          }
          int order = compare(at, isDirectory, name);
          if (order >= 0) {
            return order == 0 ? at : null;
          }
          current = null;
        }
        return null;
      } catch (RepositoryException e) {
        LOG.log(Logger.Level.WARNING, "earlier directory={0} not used: {1}", id, e.getMessage());
        close();
        return null;
      }
    }

    private @Nullable DirEntry advance() throws RepositoryException {
      if (directory == null) {
        directory = StoredDirectory.open(objects, id);
      }
      current = directory.next();
      if (current == null) {
        close();
      }
      return current;
    }

    private static int compare(DirEntry entry, boolean isDirectory, String name) {
      boolean entryIsDirectory = entry.type() == EntryType.DIRECTORY;
      if (entryIsDirectory != isDirectory) {
        return entryIsDirectory ? -1 : 1;
      }
      return RawText.compare(entry.name(), name);
    }

    void close() {
      ended = true;
      current = null;
      if (directory != null) {
        directory.close();
        directory = null;
      }
    }
  }
}
