package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import java.security.SecureRandom;

/// Makes and opens repositories.
public final class Repositories {
  private Repositories() {}

  /// Makes an empty repository in a store: `kopia.blobcfg`, then `kopia.repository`. Nothing else
  /// is written; [RepositoryDefaults] adds what the command line's `repository create` does.
  ///
  /// @throws dev.longshore.engine.error.UnsupportedException if an option names what this build
  ///   does not have, or a store that cannot lock is asked for retention
  /// @throws dev.longshore.engine.error.BusyException if the store holds a repository, or the rest
  ///   of one
  public static void create(
      BlobStore store, CreateOptions options, String password, SecureRandom random)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Opens a repository. Closing it closes the store; a store whose repository could not be opened
  /// is left open.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if the store holds no repository
  /// @throws dev.longshore.engine.error.WrongPasswordException if the password is not its
  /// @throws dev.longshore.engine.error.UnsupportedException if it needs what this build does not
  ///   have
  /// @throws dev.longshore.engine.error.BusyException if somebody upgrades it
  public static Repository open(
      BlobStore store, String password, ClientOptions client, OpenOptions options)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
