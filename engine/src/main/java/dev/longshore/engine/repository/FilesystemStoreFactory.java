package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.CorruptException;
import java.nio.charset.StandardCharsets;

/// Opens folders as stores.
public final class FilesystemStoreFactory implements StoreFactory {
  @Override
  public String type() {
    return "filesystem";
  }

  @Override
  public BlobStore open(String configJson) throws RepositoryException {
    return FilesystemStore.open(options(configJson));
  }

  @Override
  public BlobStore create(String configJson) throws RepositoryException {
    return FilesystemStore.create(options(configJson));
  }

  private static FilesystemOptions options(String configJson) throws RepositoryException {
    try {
      return FilesystemOptions.parse(configJson.getBytes(StandardCharsets.UTF_8));
    } catch (CorruptException e) {
      throw new DamagedException("storage config: " + e.getMessage(), e);
    }
  }
}
