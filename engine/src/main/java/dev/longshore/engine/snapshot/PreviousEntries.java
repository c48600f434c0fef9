package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceStream;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

  /// An earlier entry.
  ///
  /// @param index its number in the newest directory; -1 if it is of another, or that one cannot be
  ///   relied on to be in order
  record Found(DirEntry entry, int index) {}

  /// A directory whose every entry was asked for or passed over, to its end.
  record Whole(ObjectId id, int count, DirSummary summary) {}

  /// The directories that a directory of this name was, the newest first. Names must be asked for
  /// in order.
  List<Found> directories(String name) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      DirEntry entry = streams.get(i).find(true, name);
      if (entry != null) {
        found.add(new Found(entry, indexIn(i)));
      }
    }
    return found;
  }

  private int indexIn(int stream) {
    return stream == 0 ? streams.get(stream).index() : -1;
  }

  /// What a file, symbolic link or stream was, if it is unchanged since. Names must be asked for in
  /// order, after all directories.
  @Nullable Found unchanged(SourceEntry entry) {
    Found match = null;
    for (int i = 0; i < streams.size(); i++) {
      DirEntry was = streams.get(i).find(false, entry.name());
      if (match == null && was != null && isUnchanged(entry, was)) {
        match = new Found(was, indexIn(i));
      }
    }
    return match;
  }

  /// The newest directory, if nothing is left of it; null if there is, or it cannot be relied on.
  @Nullable Whole ended() {
    return streams.isEmpty() ? null : streams.getFirst().whole();
  }

  private static boolean isUnchanged(SourceEntry entry, DirEntry was) {
    FileStatus status = entry.status();
    EntryType type = entry instanceof SourceSymlink ? EntryType.SYMLINK : EntryType.FILE;
    return was.type() == type
        && was.summaryOrNull() == null
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
    private @Nullable DirEntry last;
    private int count;
    private boolean ordered = true;
    private boolean ended;
    private @Nullable Whole whole;

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
      DirEntry next = directory.next();
      if (next == null) {
        DirSummary summary = directory.summary().orElse(null);
        whole = summary == null || !ordered ? null : new Whole(id, count, summary);
        close();
        return null;
      }
      ordered &= last == null || DirEntry.ORDER.compare(last, next) < 0;
      count++;
      last = next;
      current = next;
      return next;
    }

    /// The number of the entry that was found last.
    int index() {
      return ordered ? count - 1 : -1;
    }

    @Nullable Whole whole() {
      try {
        if (!ended) {
          advance();
        }
      } catch (RepositoryException e) {
        // It was of no use, and nobody asks for more.
        return null;
      }
      return whole;
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
