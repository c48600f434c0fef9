package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.format.json.RawText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Ends files and directories: length, attributes, final name. Thread-safe.
final class EntryEnd {
  private final DirectoryHandles handles;
  private final EntryAttributes attributes;
  private final RestoreOptions options;
  private final RestoreTally tally;
  private final HardLinks links;

  EntryEnd(
      DirectoryHandles handles,
      EntryAttributes attributes,
      RestoreOptions options,
      RestoreTally tally) {
    this.links = new HardLinks(handles, options, tally, this::childEnded);
    this.handles = handles;
    this.attributes = attributes;
    this.options = options;
    this.tally = tally;
  }

  /// Ends a file. One that failed keeps what was written, private to its owner and with the time of
  /// the writing, so that no later restore takes it for whole; a temporary one is removed.
  void ended(OutputFile file) {
    try {
      int fd = file.acquire();
      try {
        end(file, fd);
      } finally {
        file.release();
      }
      if (!file.hasFailed()) {
        tally.files.increment();
      }
    } catch (OsException e) {
      if (file.fail()) {
        tally.failed(file.path(), e);
      }
    }
    if (file.isDevice()) {
      file.release();
    }
    links.ended(file.directory, file.entry, !file.hasFailed());
    tally.progress();
    childEnded(file.directory);
  }

  /// Files of several names.
  HardLinks links() {
    return links;
  }

  private void end(OutputFile file, int fd) throws OsException {
    boolean whole = !file.hasFailed();
    if (!file.isDevice()) {
      if (!file.isFullLength()) {
        // Zeros at the end have not been written.
        PosixChanges.ftruncate(fd, file.length());
      }
      if (whole) {
        if (file.directory.inherited) {
          attributes.extras().removeInherited(fd, AttributeKind.ACCESS_NAME, file::path);
        }
        attributes.apply(fd, file.entry, 0, file::path);
      }
    }
    if (whole && (options.writing().flush() || file.isDevice())) {
      PosixChanges.fsync(fd);
    }
    if (!file.isDevice()) {
      settleName(file, whole);
    }
  }

  private void settleName(OutputFile file, boolean whole) throws OsException {
    byte[] name = RawText.encode(file.entry.name());
    boolean temporary = !Arrays.equals(name, file.name);
    if (!temporary && !file.directory.existed) {
      return;
    }
    try (DirectoryHandles.Handle handle = handles.acquire(file.directory)) {
      if (temporary && whole) {
        PosixChanges.renameat(handle.fd(), file.name, handle.fd(), name);
      } else if (temporary) {
        PosixChanges.unlinkat(handle.fd(), file.name, false);
      }
      if (whole) {
        Placeholders.remove(handle.fd(), file.entry);
      }
    }
  }

  /// Ends the listing of a directory.
  void ended(DirectoryNode directory) {
    childEnded(directory);
  }

  private void childEnded(DirectoryNode directory) {
    for (@Nullable DirectoryNode at = directory; at != null && at.childEnds(); at = at.parent) {
      try {
        endDirectory(at);
        tally.directories.increment();
      } catch (OsException e) {
        tally.failed(at.path(), e);
      }
      handles.forget(at);
    }
  }

  private void endDirectory(DirectoryNode directory) throws OsException {
    try (DirectoryHandles.Handle handle = handles.acquire(directory)) {
      if (!directory.existed && directory.parent != null && directory.parent.inherited) {
        attributes
            .extras()
            .removeInherited(handle.fd(), AttributeKind.ACCESS_NAME, directory::path);
      }
      attributes.apply(handle.fd(), directory.entry, 0, directory::path);
      if (options.writing().flush()) {
        PosixChanges.fsync(handle.fd());
      }
    }
    DirectoryNode parent = directory.parent;
    if (parent != null && parent.existed) {
      try (DirectoryHandles.Handle handle = handles.acquire(parent)) {
        Placeholders.remove(handle.fd(), directory.entry);
      }
    }
  }
}
