package dev.longshore.engine.restore;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.GoFileMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Restores a tree into an archive that is written from start to end. One thread only.
///
/// An entry whose bytes cannot be read stays in the archive as far as they could, and is noted.
/// Failures to write the archive end the restore.
abstract class ArchiveSink implements TreeSink {
  private final ObjectReader objects;
  private final RestoreTally tally;
  private final ArchiveExtras extras;
  private @Nullable IOException broken;

  ArchiveSink(ObjectReader objects, RestoreTally tally, ArchiveExtras extras) {
    this.objects = objects;
    this.tally = tally;
    this.extras = extras;
  }

  /// Attributes and links on their way into this archive.
  ArchiveExtras extras() {
    return extras;
  }

  /// Tells whether one file can have several names.
  abstract boolean hasLinks();

  /// Writes another name of a file or symbolic link that was written under its first.
  abstract void writeLink(String name, DirEntry entry, String first) throws IOException;

  /// Writes a directory's entry; `name` has no slash at its end.
  abstract void writeDirectory(String name, DirEntry entry) throws IOException;

  /// Begins a file of known length.
  abstract OutputStream beginFile(String name, DirEntry entry, long length) throws IOException;

  /// Ends the file that was begun.
  abstract void endFile() throws IOException;

  /// Writes a symbolic link's entry.
  abstract void writeSymlink(String name, DirEntry entry, byte[] linkTarget) throws IOException;

  /// Ends the archive; leaves its stream open.
  abstract void finish() throws IOException;

  /// Throws the failure that ended the restore, if there was one.
  void rethrow() throws IOException {
    if (broken != null) {
      throw broken;
    }
  }

  /// Permissions as in Unix.
  static int permissions(DirEntry entry) {
    return GoFileMode.toUnix(entry.mode());
  }

  @Override
  public @Nullable DirectoryNode directory(DirectoryNode parent, DirEntry entry, boolean mustBeNew)
      throws IOException {
    refuse(mustBeNew);
    return new DirectoryNode(parent, entry, false);
  }

  @Override
  public void symlink(DirectoryNode parent, DirEntry entry, byte[] linkTarget, boolean mustBeNew)
      throws IOException {
    refuse(mustBeNew);
    String path = parent.path(entry.name());
    if (isLinked(path, entry) || write(() -> writeSymlink(path, entry, linkTarget))) {
      extras.written(path, entry);
      tally.symlinks.increment();
    }
  }

  /// Writes an entry as another name of an earlier one, if it is one and the archive can have it.
  private boolean isLinked(String path, DirEntry entry) {
    Optional<String> first = extras.first(entry);
    if (first.isPresent() && !hasLinks()) {
      extras.unlinked(path);
    }
    return first.isPresent() && hasLinks() && write(() -> writeLink(path, entry, first.get()));
  }

  /// An archive would hold both, and whoever unpacks it the later.
  private static void refuse(boolean mustBeNew) throws RefusedException {
    if (mustBeNew) {
      throw new RefusedException("the snapshot has the name twice in one directory");
    }
  }

  @Override
  public void file(DirectoryNode parent, DirEntry entry, boolean mustBeNew) throws IOException {
    refuse(mustBeNew);
    file(parent.path(entry.name()), entry);
  }

  /// Writes a file under a path of the archive.
  void file(String path, DirEntry entry) throws IOException {
    if (isLinked(path, entry)) {
      tally.files.increment();
      tally.bytes.add(entry.sizeBytes());
      return;
    }
    long length = objects.length(entry.objectId());
    OutputStream[] out = new OutputStream[1];
    if (!write(() -> out[0] = beginFile(path, entry, length))) {
      return;
    }
    IOException fault = null;
    long copied = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = objects.open(entry.objectId())) {
      while (!tally.stopped()) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, length - copied));
        if (n <= 0) {
          break;
        }
        if (!write(() -> out[0].write(buffer, 0, n))) {
          return;
        }
        copied += n;
        tally.bytes.add(n);
        tally.progress();
      }
    } catch (RepositoryException e) {
      fault = e;
    }
    if (copied < length && fault == null && !tally.stopped()) {
      fault =
          new DamagedException(
              "object %s: expected %d bytes, found %d".formatted(entry.objectId(), length, copied));
    }
    long missing = length - copied;
    if (!write(() -> fill(out[0], missing)) || !write(this::endFile)) {
      return;
    }
    if (fault == null && length != entry.sizeBytes()) {
      fault =
          new DamagedException(
              "its entry says %d bytes, its object has %d".formatted(entry.sizeBytes(), length));
    }
    if (fault != null) {
      throw fault;
    }
    if (missing == 0) {
      extras.written(path, entry);
      tally.files.increment();
    }
  }

  /// A length that was promised must be kept, or the rest of the archive could not be read.
  private static void fill(OutputStream out, long missing) throws IOException {
    byte[] zeros = new byte[1 << 16];
    for (long left = missing; left > 0; left -= zeros.length) {
      out.write(zeros, 0, (int) Math.min(zeros.length, left));
    }
  }

  private interface Write {
    void run() throws IOException;
  }

  /// Does a write; false, and the restore ends, if the archive cannot be written.
  private boolean write(Write write) {
    if (broken != null) {
      return false;
    }
    try {
      write.run();
      return true;
    } catch (IOException e) {
      broken = e;
      tally.stop();
      return false;
    }
  }

  /// Only now, so that what is in the directory follows: unpackers set its time when they leave it.
  @Override
  public void beforeListing(DirectoryNode directory) {
    if (directory.parent != null
        && write(() -> writeDirectory(directory.path(), directory.entry))) {
      tally.directories.increment();
    }
  }

  @Override
  public void listed(DirectoryNode directory) {}
}
