package dev.longshore.engine.compare;

import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import java.io.IOException;

/// Compares two trees of one repository by what their directories say; trees that are the same
/// object are not gone into. Kopia's `diff`.
public final class TreeComparer {
  /// Compares in a repository.
  public TreeComparer(Repository repository) {}

  /// Receives differences as they are found.
  @FunctionalInterface
  public interface Visitor {
    void visit(Difference difference) throws IOException;
  }

  /// Compares two directories, and tells the visitor of every difference.
  ///
  /// @throws IllegalArgumentException unless both are directories
  /// @throws IOException if a directory cannot be read, or the visitor fails
  public DifferenceStats compare(DirEntry oldRoot, DirEntry newRoot, Visitor visitor)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }
}
