package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.azure.AzureOptions;
import dev.longshore.engine.blob.azure.AzureStore;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.CorruptException;
import java.nio.charset.StandardCharsets;

/// Opens containers of Azure as stores; a container must be there before a repository is made in
/// it.
///
/// @param environment of the stores
/// @param authority where tokens of Entra ID come from; empty for Microsoft's public one
public record AzureStoreFactory(RemoteEnvironment environment, String authority)
    implements StoreFactory {
  @Override
  public String type() {
    return "azureBlob";
  }

  @Override
  public BlobStore open(String configJson) throws RepositoryException {
    try {
      return AzureStore.open(
          AzureOptions.parse(configJson.getBytes(StandardCharsets.UTF_8)), environment, authority);
    } catch (CorruptException e) {
      throw new DamagedException("storage config: " + e.getMessage(), e);
    }
  }

  @Override
  public BlobStore create(String configJson) throws RepositoryException {
    return open(configJson);
  }
}
