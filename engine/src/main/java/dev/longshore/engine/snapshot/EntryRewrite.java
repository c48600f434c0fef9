package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.directory.DirEntry;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of entries when trees are rewritten; called by many threads.
public interface EntryRewrite {
  /// What is to stand for an entry: itself, another, or null for nothing. A directory is asked for
  /// before its own entries are.
  ///
  /// @param path from the root of the snapshot; `.` for the root itself
  /// @throws RepositoryException to end the rewriting
  @Nullable DirEntry rewrite(String path, DirEntry entry) throws RepositoryException;

  /// What is to stand for a directory that cannot be read; null for nothing.
  ///
  /// @throws RepositoryException to end the rewriting
  @Nullable DirEntry unreadable(String path, DirEntry directory, RepositoryException fault)
      throws RepositoryException;
}
