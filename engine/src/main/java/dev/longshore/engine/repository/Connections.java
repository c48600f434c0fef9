package dev.longshore.engine.repository;

import dev.longshore.engine.error.RepositoryException;
import java.nio.file.Path;
import java.util.Optional;

/// Opens and ends the connections that `repository.config` files keep.
public final class Connections {
  private final StoreFactories stores;

  /// Connections to these kinds of stores.
  public Connections(StoreFactories stores) {
    this.stores = stores;
  }

  /// Opens the repository of a connection. The cache directory is the connection's, unless
  /// `options` names one.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if there is no such file, or no
  ///   repository in its store
  public Repository open(Path configFile, String password, OpenOptions options)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Writes a connection and tries it; a connection that cannot be opened is removed again.
  public void connect(
      Path configFile, ConnectionFile connection, String password, OpenOptions options)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Removes a connection: the file, its password, lock and cache directory.
  public static void disconnect(Path configFile) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The password kept beside a connection, if there is one.
  public static Optional<String> storedPassword(Path configFile) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Keeps a password beside a connection, readable by its owner only.
  public static void storePassword(Path configFile, String password) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
