package dev.longshore.engine.verify;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import java.util.List;
import java.util.random.RandomGenerator;

/// Verifies trees: every object is looked at once, whatever number of snapshots share it.
public final class SnapshotVerifier {
  /// @param random picks the files that are read in full
  public SnapshotVerifier(Repository repository, VerifyOptions options, RandomGenerator random) {}

  /// A tree, or a single file, to verify.
  ///
  /// @param path shown before the paths of its entries
  public record Root(String path, DirEntry entry) {}

  /// Verifies.
  ///
  /// @throws RepositoryException if the store cannot be listed
  public VerifyResult verify(List<Root> roots, VerifyListener listener) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
