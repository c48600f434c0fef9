package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.ThrottledStore;
import dev.longshore.engine.cache.CacheDirectory;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Opens and ends the connections that `repository.config` files keep.
///
/// Source: kopia 4ebb2be6c `repo/connect.go`, `internal/passwordpersist`.
public final class Connections {
  private static final String PASSWORD_SUFFIX = ".kopia-password";
  private static final String KEY_SUFFIX = ".longshore-key";
  private static final String LOCK_SUFFIX = ".mlock";
  private static final String UPDATE_SUFFIX = ".update-info.json";

  private final StoreFactories stores;

  /// Connections to these kinds of stores.
  public Connections(StoreFactories stores) {
    this.stores = stores;
  }

  /// Opens the repository of a connection, whose cache it is that counts.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if there is no such file, or no
  ///   repository in its store
  public Repository open(Path configFile, String password, OpenOptions options)
      throws RepositoryException {
    return open(ConnectionFile.read(configFile), password, keptKey(configFile, password), options);
  }

  private Repository open(
      ConnectionFile connection, String password, KeptKey keptKey, OpenOptions options)
      throws RepositoryException {
    BlobStore store =
        ThrottledStore.of(
            stores.open(connection.storageType(), connection.storageConfigJson()),
            connection.limits(),
            options.clock(),
            Sleeper.SYSTEM);
    try {
      return Repositories.open(
          store, password, keptKey, connection.client(), options.withCaching(connection.caching()));
    } catch (RepositoryException | RuntimeException e) {
      try {
        store.close();
      } catch (RepositoryException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /// Tries a connection and writes its file. If it cannot be opened, nothing is written, and what
  /// was there stays.
  public void connect(
      Path configFile, ConnectionFile connection, String password, OpenOptions options)
      throws RepositoryException {
    // The directory may hold lists of another copy of the same repository, or of its past.
    forgetLists(connection);
    open(connection, password, KeptKey.none(), options).close();
    forgetLists(connection);
    connection.write(configFile);
  }

  private static void forgetLists(ConnectionFile connection) throws RepositoryException {
    Optional<Path> cache = connection.caching().directory();
    if (cache.isPresent()) {
      new CacheDirectory(cache.get()).clear(CacheDirectory.Part.LISTS);
    }
  }

  /// Removes a connection: the file, its password, lock and cache.
  ///
  /// Of the cache directory only what this program or Kopia keeps in it is removed: the file may
  /// name any directory.
  public static void disconnect(Path configFile) throws RepositoryException {
    ConnectionFile connection = ConnectionFile.read(configFile);
    Optional<Path> cache = connection.caching().directory();
    if (cache.isPresent()) {
      new CacheDirectory(cache.get()).remove();
    }
    for (String suffix : List.of(PASSWORD_SUFFIX, KEY_SUFFIX, LOCK_SUFFIX, UPDATE_SUFFIX, "")) {
      LocalFiles.delete(beside(configFile, suffix));
    }
  }

  /// The password kept beside a connection, if there is one.
  ///
  /// @throws DamagedException if the file is not base64
  public static Optional<String> storedPassword(Path configFile) throws RepositoryException {
    Path file = beside(configFile, PASSWORD_SUFFIX);
    Optional<byte[]> stored = LocalFiles.read(file);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    String text = new String(stored.get(), StandardCharsets.ISO_8859_1).strip();
    try {
      return Optional.of(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new DamagedException("password file " + file + " is not base64", e);
    }
  }

  /// The key is kept where the same password is; whoever gives another one has it tried.
  private static KeptKey keptKey(Path configFile, String password) {
    try {
      return storedPassword(configFile).filter(password::equals).isPresent()
          ? KeptKey.in(beside(configFile, KEY_SUFFIX))
          : KeptKey.none();
    } catch (RepositoryException e) {
      return KeptKey.none();
    }
  }

  /// Keeps a password beside a connection, readable by its owner only.
  public static void storePassword(Path configFile, String password) throws RepositoryException {
    LocalFiles.delete(beside(configFile, KEY_SUFFIX));
    LocalFiles.write(
        beside(configFile, PASSWORD_SUFFIX),
        Base64.getEncoder().encode(password.getBytes(StandardCharsets.UTF_8)));
  }

  private static Path beside(Path configFile, String suffix) {
    Path file = configFile.toAbsolutePath();
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
