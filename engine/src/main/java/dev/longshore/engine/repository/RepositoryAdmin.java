package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import java.security.SecureRandom;

/// Changes what all clients of a repository share: its password and parameters. Running clients
/// notice within 15 minutes.
public final class RepositoryAdmin {
  private RepositoryAdmin() {}

  /// Changes the password; contents and their keys stay as they are.
  ///
  /// @throws dev.longshore.engine.error.UnsupportedException if the repository's format cannot
  public static void changePassword(
      BlobStore store, String password, String newPassword, SecureRandom random)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Changes parameters.
  ///
  /// @return sentences that say what changed; empty if nothing did, and nothing was written
  /// @throws IllegalArgumentException if the values break a rule; the message says which
  public static java.util.List<String> setParameters(
      BlobStore store, String password, ParameterChange change, SecureRandom random)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Restores `kopia.repository` from the copy at the start of a pack.
  ///
  /// @param packPrefix which packs to look at: `p`, `q`, or more of a name
  /// @param dryRun only look
  /// @return the pack the copy came from
  /// @throws dev.longshore.engine.error.NotFoundException if no pack holds a copy
  public static dev.longshore.format.id.BlobId repair(
      BlobStore store, String packPrefix, boolean dryRun) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
