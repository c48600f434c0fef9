package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import java.util.List;
import java.util.stream.Collectors;

/// The kinds of stores a program can open.
public record StoreFactories(List<StoreFactory> factories) {
  /// Copies the list.
  public StoreFactories {
    factories = List.copyOf(factories);
  }

  /// Opens a store.
  ///
  /// @param configJson Kopia's `config` object of the kind
  /// @throws UnsupportedException if no factory knows the type
  public BlobStore open(String type, String configJson) throws RepositoryException {
    return find(type).open(configJson);
  }

  /// Opens a store for a new repository, and makes its place first where that is needed.
  ///
  /// @throws UnsupportedException if no factory knows the type
  public BlobStore create(String type, String configJson) throws RepositoryException {
    return find(type).create(configJson);
  }

  private StoreFactory find(String type) throws UnsupportedException {
    for (StoreFactory factory : factories) {
      if (factory.type().equals(type)) {
        return factory;
      }
    }
    throw new UnsupportedException(
        "storage type "
            + type
            + " is not supported (supported: "
            + factories.stream().map(StoreFactory::type).collect(Collectors.joining(", "))
            + ")");
  }
}
