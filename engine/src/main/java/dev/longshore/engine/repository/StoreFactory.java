package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;

/// Opens stores of one kind from the settings a connection keeps.
public interface StoreFactory {
  /// Kopia's name of the kind: `filesystem`.
  String type();

  /// Opens the store.
  ///
  /// @param configJson Kopia's `config` object of the kind
  BlobStore open(String configJson) throws RepositoryException;

  /// Opens the store for a new repository, and makes its place first where that is needed.
  BlobStore create(String configJson) throws RepositoryException;
}
