package dev.longshore.engine.restore;

import dev.longshore.format.directory.DirEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Takes the entries of a tree. An exception is of that entry alone.
///
/// `mustBeNew` says that the directory lists the name more than once: nothing may give way to the
/// entry.
interface TreeSink {
  /// Begins a directory before anything in it; null if it is not to be gone into.
  @Nullable DirectoryNode directory(DirectoryNode parent, DirEntry entry, boolean mustBeNew)
      throws IOException;

  /// Takes a file.
  void file(DirectoryNode parent, DirEntry entry, boolean mustBeNew)
      throws IOException, InterruptedException;

  /// Takes a symbolic link.
  ///
  /// @param linkTarget raw, not empty, without NUL
  void symlink(DirectoryNode parent, DirEntry entry, byte[] linkTarget, boolean mustBeNew)
      throws IOException;

  /// Sees a directory that it began, just before its first entry.
  void beforeListing(DirectoryNode directory) throws IOException;

  /// Has seen all entries of a directory.
  void listed(DirectoryNode directory);
}
