package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.s3.S3Options;
import dev.longshore.engine.blob.s3.S3Store;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.CorruptException;
import java.nio.charset.StandardCharsets;

/// Opens buckets of S3 as stores; a bucket must be there before a repository is made in it.
///
/// @param environment of the stores
public record S3StoreFactory(RemoteEnvironment environment) implements StoreFactory {
  @Override
  public String type() {
    return "s3"; // not S3Store's constant: nothing of S3 is loaded before it is used
  }

  @Override
  public BlobStore open(String configJson) throws RepositoryException {
    try {
      return S3Store.open(
          S3Options.parse(configJson.getBytes(StandardCharsets.UTF_8)), environment);
    } catch (CorruptException e) {
      throw new DamagedException("storage config: " + e.getMessage(), e);
    }
  }

  @Override
  public BlobStore create(String configJson) throws RepositoryException {
    return open(configJson);
  }
}
