package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes through the entries of a stored directory, without holding them. Not thread-safe.
public interface DirectoryCursor extends AutoCloseable {
  /// The next entry, null after the last. Names are as stored: see
  /// [dev.longshore.format.directory.DirEntry#isSafeName].
  ///
  /// @throws dev.longshore.engine.error.DamagedException if the bytes are no directory
  @Nullable DirEntry next() throws RepositoryException;

  /// The directory's own summary.
  ///
  /// @throws IllegalStateException before [#next()] has returned null
  Optional<DirSummary> summary();

  @Override
  void close();
}
