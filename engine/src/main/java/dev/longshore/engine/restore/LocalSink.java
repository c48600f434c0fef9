package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.fetch.ChunkQueue;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Restores a tree's entries into open directories of the file system. Thread-safe.
final class LocalSink implements TreeSink {
  private static final long SAME_TIME_NANOS = 2_000_000_000L;

  private final ObjectReader objects;
  private final RestoreOptions options;
  private final RestoreTally tally;
  private final DirectoryHandles handles;
  private final TargetEntries entries;
  private final EntryAttributes attributes;
  private final Placeholders placeholders;
  private final EntryEnd end;
  private final HardLinks links;
  private final ChunkQueue<OutputFile> chunks;
  private final AtomicLong temporaryNames = new AtomicLong();

  LocalSink(ObjectReader objects, RestoreOptions options, RestoreTally tally, LocalParts parts) {
    this.objects = objects;
    this.options = options;
    this.tally = tally;
    this.handles = parts.handles();
    this.attributes = parts.attributes();
    this.end = parts.end();
    this.links = parts.end().links();
    this.chunks = parts.chunks();
    this.entries = new TargetEntries(options.overwrite());
    this.placeholders = new Placeholders(attributes);
  }

  /// What sinks share with the threads that write.
  record LocalParts(
      DirectoryHandles handles,
      EntryAttributes attributes,
      EntryEnd end,
      ChunkQueue<OutputFile> chunks) {}

  @Override
  public @Nullable DirectoryNode directory(DirectoryNode parent, DirEntry entry, boolean mustBeNew)
      throws IOException {
    try (DirectoryHandles.Handle handle = handles.acquire(parent)) {
      if (parent.depth + 1 > options.shallow().depth() && Placeholders.isPossible(entry)) {
        placeholders.write(handle.fd(), entry, () -> parent.path(entry.name()));
        tally.directories.increment();
        return null;
      }
      boolean existed = entries.makeDirectory(handle.fd(), RawText.encode(entry.name()), mustBeNew);
      parent.childBegins();
      return new DirectoryNode(parent, entry, existed);
    }
  }

  @Override
  public void file(DirectoryNode parent, DirEntry entry, boolean mustBeNew)
      throws IOException, InterruptedException {
    OutputFile file;
    try (DirectoryHandles.Handle handle = handles.acquire(parent)) {
      if (isThere(handle.fd(), entry)) {
        tally.skipped.increment();
        tally.skippedBytes.add(entry.sizeBytes());
        links.isThere(parent, entry);
        return;
      }
      boolean small = entry.sizeBytes() < options.shallow().minSizeBytes();
      if (parent.depth + 1 > options.shallow().depth()
          && !small
          && Placeholders.isPossible(entry)) {
        placeholders.write(handle.fd(), entry, () -> parent.path(entry.name()));
        tally.files.increment();
        return;
      }
      parent.childBegins();
      HardLinks.Name name = new HardLinks.Name(parent, entry, mustBeNew);
      if (links.take(name)) {
        return;
      }
      file = begin(handle.fd(), name);
    }
    plan(file);
  }

  /// Makes a file whose directory waits for it.
  private OutputFile begin(int directory, HardLinks.Name name) throws IOException {
    DirectoryNode parent = name.directory();
    try {
      OutputFile.Opened opened = open(parent, directory, name.entry(), name.mustBeNew());
      return new OutputFile(handles, parent, name.entry(), opened);
    } catch (IOException e) {
      links.ended(parent, name.entry(), false);
      end.ended(parent);
      throw e;
    }
  }

  /// Restores the names that could not be linked to others as files of their own; tells whether
  /// there were any. No other entry may be under way.
  boolean restoreUnlinked() throws InterruptedException {
    List<HardLinks.Name> names = links.takeUnlinked();
    for (HardLinks.Name name : names) {
      try {
        if (tally.stopped()) {
          end.ended(name.directory());
        } else if (name.entry().type() == EntryType.SYMLINK) {
          byte[] target = TreeWalk.linkTarget(objects, name.entry());
          try (DirectoryHandles.Handle handle = handles.acquire(name.directory())) {
            makeSymlink(handle.fd(), name, target);
          } finally {
            end.ended(name.directory());
          }
        } else {
          OutputFile file;
          try (DirectoryHandles.Handle handle = handles.acquire(name.directory())) {
            file = begin(handle.fd(), name);
          }
          plan(file);
        }
      } catch (IOException e) {
        tally.failed(name.path(), e);
      }
    }
    return !names.isEmpty();
  }

  private OutputFile.Opened open(
      DirectoryNode parent, int directory, DirEntry entry, boolean mustBeNew) throws IOException {
    byte[] name = RawText.encode(entry.name());
    boolean sparse =
        options.writing().sparse() || (options.attributes().kept() && entry.extra().sparse());
    if (!options.writing().atomically()) {
      if (!parent.existed && !mustBeNew) {
        return new OutputFile.Opened(OutputFile.Opened.NOT_YET, entry.name(), sparse, false);
      }
      int fd = entries.makeFile(directory, name, mustBeNew);
      return new OutputFile.Opened(fd, entry.name(), sparse, false);
    }
    entries.checkWay(directory, name, mustBeNew);
    String temporary = ".longshore-restore-" + temporaryNames.incrementAndGet();
    int fd = entries.makeFile(directory, RawText.encode(temporary), false);
    return new OutputFile.Opened(fd, temporary, sparse, false);
  }

  /// Restores a file into an open device.
  void device(DirectoryNode parent, DirEntry entry, int fd) throws InterruptedException {
    parent.childBegins();
    tally.enqueuedFiles.increment();
    tally.enqueuedBytes.add(entry.sizeBytes());
    plan(new OutputFile(handles, parent, entry, new OutputFile.Opened(fd, "", false, true)));
  }

  /// Queues all chunks of a file; they may be written, and the file done, before this returns.
  private void plan(OutputFile file) throws InterruptedException {
    try {
      chunks.addAll(objects, file.entry.objectId(), file, file::chunkBegins);
      if (file.length() != file.entry.sizeBytes()) {
        String message =
            "its entry says %d bytes, its object has %d"
                .formatted(file.entry.sizeBytes(), file.length());
        tally.issue(file.path(), RestoreIssue.Kind.FAILED, message);
      }
    } catch (RepositoryException e) {
      if (file.fail()) {
        tally.failed(file.path(), e);
      }
    }
    file.planned();
    if (file.end()) {
      end.ended(file);
    }
  }

  @Override
  public void symlink(DirectoryNode parent, DirEntry entry, byte[] linkTarget, boolean mustBeNew)
      throws IOException {
    byte[] name = RawText.encode(entry.name());
    try (DirectoryHandles.Handle handle = handles.acquire(parent)) {
      if (options.skipExisting()
          && TargetEntries.status(handle.fd(), name)
              .filter(there -> there.kind() == FileKind.SYMLINK)
              .isPresent()) {
        tally.skipped.increment();
        links.isThere(parent, entry);
        return;
      }
      parent.childBegins();
      HardLinks.Name link = new HardLinks.Name(parent, entry, mustBeNew);
      if (links.take(link)) {
        return;
      }
      boolean whole = false;
      try {
        makeSymlink(handle.fd(), link, linkTarget);
        whole = true;
      } finally {
        links.ended(parent, entry, whole);
        end.ended(parent);
      }
    }
  }

  private void makeSymlink(int directory, HardLinks.Name link, byte[] linkTarget)
      throws IOException {
    byte[] name = RawText.encode(link.entry().name());
    entries.makeSymlink(directory, name, linkTarget, link.mustBeNew());
    attributes.applyToLink(directory, name, link.entry(), link::path);
    tally.symlinks.increment();
  }

  /// Kopia's test: a file of equal size whose time is less than two seconds off.
  private boolean isThere(int directory, DirEntry entry) throws OsException {
    if (!options.skipExisting()) {
      return false;
    }
    Optional<FileStatus> there = TargetEntries.status(directory, RawText.encode(entry.name()));
    return there.isPresent()
        && there.get().kind() == FileKind.REGULAR
        && there.get().sizeBytes() == entry.sizeBytes()
        && Math.abs(there.get().mtimeEpochNanos() - entry.mtimeNanos()) < SAME_TIME_NANOS;
  }

  @Override
  public void beforeListing(DirectoryNode directory) throws IOException {
    noteInheritance(directory);
    if (options.deleteExtra() && directory.existed) {
      try (DirectoryHandles.Handle handle = handles.acquire(directory)) {
        new ExtraEntries(objects, tally).delete(directory, handle.fd());
      }
    }
  }

  /// Sees to it that nothing in a directory is left with an access-control list of the target's.
  void noteInheritance(DirectoryNode directory) throws OsException {
    boolean made = !directory.existed && directory.parent != null && directory.parent.inherited;
    if (directory.existed || made) {
      try (DirectoryHandles.Handle handle = handles.acquire(directory)) {
        if (made) {
          attributes
              .extras()
              .removeInherited(handle.fd(), AttributeKind.DEFAULT_NAME, directory::path);
        } else {
          directory.inherited = attributes.extras().isInherited(handle.fd());
        }
      }
    }
  }

  @Override
  public void listed(DirectoryNode directory) {
    end.ended(directory);
  }
}
