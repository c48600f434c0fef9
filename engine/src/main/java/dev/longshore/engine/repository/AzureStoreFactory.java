package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.azure.AzureOptions;
import dev.longshore.engine.blob.azure.AzureStore;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Tls;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.CorruptException;
import java.nio.charset.StandardCharsets;

/// Opens containers of Azure as stores; a container must be there before a repository is made in
/// it.
///
/// @param environment of the stores
/// @param authority where tokens of Entra ID come from; empty for Microsoft's public one
/// @param rootCaPem certificates that are trusted instead of the system's; empty for the system's.
///   Kopia's settings have no place for them
public record AzureStoreFactory(RemoteEnvironment environment, String authority, String rootCaPem)
    implements StoreFactory {
  /// With trust in whom the system trusts.
  public AzureStoreFactory(RemoteEnvironment environment, String authority) {
    this(environment, authority, "");
  }

  @Override
  public String type() {
    return "azureBlob";
  }

  @Override
  public BlobStore open(String configJson) throws RepositoryException {
    try {
      return AzureStore.open(
          AzureOptions.parse(configJson.getBytes(StandardCharsets.UTF_8)),
          environment,
          authority,
          rootCaPem.isEmpty() ? Tls.ofSystem() : Tls.trusting(rootCaPem));
    } catch (CorruptException e) {
      throw new DamagedException("storage config: " + e.getMessage(), e);
    }
  }

  @Override
  public BlobStore create(String configJson) throws RepositoryException {
    return open(configJson);
  }
}
